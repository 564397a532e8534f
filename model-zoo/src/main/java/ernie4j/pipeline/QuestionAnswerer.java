package ernie4j.pipeline;

import ernie4j.engine.encoder.ExecutionOptions;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.Head;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.Task;
import ernie4j.engine.head.WrongTaskException;
import ernie4j.engine.kernels.Kernels;
import ernie4j.tokenizer.Encoding;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.zoo.cache.ModelCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds the answer to a question in a text (the context). An answerer may be shared between
 * threads.
 *
 * <pre>{@code
 * QuestionAnswerer reader =
 *     QuestionAnswerer.load(Path.of("cmrc.ernie")).withLongText(LongText.WINDOW);
 * reader.answer("谁写了红楼梦？", context).best().ifPresent(a -> System.out.println(a.text()));
 * }</pre>
 *
 * <p>As in the original, the score of an answer is the sum of the logits of its two ends. Its
 * probability is the softmax of this score among the best spans of all windows (20, or as many as
 * are asked for if that is more). The original looks only at the 20 best starts and ends; here
 * every span that is short enough counts.
 */
public final class QuestionAnswerer extends Pipeline {
  private final Head head;
  private final LengthPolicy lengths;
  private final Choice choice;

  private QuestionAnswerer(TextEncoder texts, Head head, LengthPolicy lengths, Choice choice) {
    super(texts);
    this.head = head;
    this.lengths = lengths;
    this.choice = choice;
  }

  /** Which spans are answers; see the methods that set each component. */
  record Choice(int best, int maxAnswerTokens, boolean mayBeNone, double threshold) {}

  /**
   * Returns a pipeline over a model in memory that computes with the fastest kernels of this
   * machine.
   *
   * @param model the question answering model, with its vocabulary; not changed
   * @return the pipeline
   * @throws WrongTaskException if the model is for another task
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static QuestionAnswerer of(Model model) {
    return of(model, Kernels.best());
  }

  /**
   * Returns a pipeline over a model in memory that computes with the given kernels.
   *
   * @param model the question answering model, with its vocabulary; not changed
   * @param kernels the kernels to compute with
   * @return the pipeline
   * @throws WrongTaskException if the model is for another task
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static QuestionAnswerer of(Model model, Kernels kernels) {
    Pipelines.requireTask(model, Task.QUESTION_ANSWERING);
    boolean mayBeNone = model.options().containsKey(HeadOptions.NO_ANSWER_THRESHOLD);
    double threshold = Pipelines.number(model, HeadOptions.NO_ANSWER_THRESHOLD, 0);
    TextEncoder texts = new TextEncoder(model, kernels);
    return new QuestionAnswerer(
        texts,
        Pipelines.head(model, Task.QUESTION_ANSWERING, texts),
        texts.lengths(LongText.ERROR),
        new Choice(1, 50, mayBeNone, threshold));
  }

  /**
   * Loads a model file.
   *
   * @param path the {@code .ernie} file
   * @return a pipeline over the model
   * @throws IOException if the file cannot be read, or is damaged or no model file
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static QuestionAnswerer load(Path path) throws IOException {
    return ModelFile.load(path, QuestionAnswerer::of);
  }

  /**
   * Loads a model by file or by name.
   *
   * @param fileOrName the path of a model file, or else the name of a model in the cache of this
   *     user ({@link ModelCache#standard})
   * @return a pipeline over the model
   * @throws IOException if there is neither such a file nor such a model, or it cannot be read
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static QuestionAnswerer load(String fileOrName) throws IOException {
    return load(ModelCache.standard().locate(fileOrName));
  }

  @Override
  public QuestionAnswerer withExecution(ExecutionOptions options) {
    return new QuestionAnswerer(texts.withExecution(options), head, lengths, choice);
  }

  /**
   * Returns this pipeline with another policy for long contexts. Only the context is cut or read in
   * windows, never the question.
   *
   * @param longText what to do with a context that is too long; the default is {@link
   *     LongText#ERROR}
   * @return the new pipeline
   */
  public QuestionAnswerer withLongText(LongText longText) {
    return new QuestionAnswerer(texts, head, lengths.withLongText(longText), choice);
  }

  /**
   * Returns this pipeline with another limit on the tokens of an input.
   *
   * @param tokens the most tokens of a question with its context, or with each window of it, [CLS]
   *     and [SEP] included, from 4 to the current limit, which is at first the model's number of
   *     positions; the length used in training is a good choice
   * @return the new pipeline
   * @throws IllegalArgumentException if it is out of this range
   */
  public QuestionAnswerer withMaxLength(int tokens) {
    return new QuestionAnswerer(texts, head, lengths.withMaxLength(tokens), choice);
  }

  /**
   * Returns this pipeline with another stride between windows (PaddleNLP's {@code doc_stride}).
   *
   * @param tokens the tokens of the context from the start of one window to that of the next, at
   *     least 1; the default is half of what a window shows of the context
   * @return the new pipeline
   * @throws IllegalArgumentException if it is less than 1
   */
  public QuestionAnswerer withStride(int tokens) {
    return new QuestionAnswerer(texts, head, lengths.withStride(tokens), choice);
  }

  /**
   * Returns this pipeline with another number of answers.
   *
   * @param answers the most answers to a question, at least 1, which is the default
   * @return the new pipeline
   * @throws IllegalArgumentException if it is less than 1
   */
  public QuestionAnswerer withBest(int answers) {
    return with(new Choice(answers, choice.maxAnswerTokens, choice.mayBeNone, choice.threshold));
  }

  /**
   * Returns this pipeline with another limit on the length of an answer.
   *
   * @param tokens the most tokens of an answer, at least 1; the default is 50
   * @return the new pipeline
   * @throws IllegalArgumentException if it is less than 1
   */
  public QuestionAnswerer withMaxAnswerLength(int tokens) {
    return with(new Choice(choice.best, tokens, choice.mayBeNone, choice.threshold));
  }

  /**
   * Returns this pipeline for models that were trained on questions without an answer too. There is
   * no answer if the score of [CLS], the least of all windows, exceeds that of the best answer by
   * more than the threshold. A new pipeline uses the model's own {@link
   * HeadOptions#NO_ANSWER_THRESHOLD}; a model without one always gives an answer.
   *
   * @param threshold a difference of logits, usually 0; larger values prefer answers
   * @return the new pipeline
   */
  public QuestionAnswerer withNoAnswer(double threshold) {
    return with(new Choice(choice.best, choice.maxAnswerTokens, true, threshold));
  }

  /**
   * {@return this pipeline always giving its best answer, even if the model judges that there is
   * none}
   */
  public QuestionAnswerer withAnswerAlways() {
    return with(new Choice(choice.best, choice.maxAnswerTokens, false, 0));
  }

  private QuestionAnswerer with(Choice other) {
    if (other.best < 1 || other.maxAnswerTokens < 1) {
      throw new IllegalArgumentException(
          String.format(
              "answers: expected at least 1 of at least 1 token, got %d of %d",
              other.best, other.maxAnswerTokens));
    }
    return new QuestionAnswerer(texts, head, lengths, other);
  }

  /**
   * A question and the text that may answer it.
   *
   * @param question the question
   * @param context the text to search for the answer
   */
  public record Query(String question, String context) {}

  /**
   * A part of the context.
   *
   * @param text the part
   * @param start index of its first char (UTF-16) in the context
   * @param end index after its last char
   * @param score sum of the logits of both ends
   * @param probability the probability among the best spans, see the class comment
   */
  public record Answer(String text, int start, int end, double score, double probability) {}

  /**
   * What was found.
   *
   * @param answers the best first; empty if there is none
   * @param noAnswerProbability the probability that there is none; 0 if the pipeline always gives
   *     an answer
   * @param truncated whether the end of the context was ignored
   */
  public record Result(List<Answer> answers, double noAnswerProbability, boolean truncated) {
    /** Keeps an unmodifiable copy of the answers. */
    public Result {
      answers = List.copyOf(answers);
    }

    /** {@return the best answer; empty if there is none} */
    public Optional<Answer> best() {
      return answers.stream().findFirst();
    }
  }

  /**
   * Answers a question.
   *
   * @param question the question
   * @param context the text to search for the answer
   * @return the best answers, or none
   * @throws IllegalArgumentException if the question or the context has no tokens, if the context
   *     has too many, or if the question leaves no room for it
   */
  public Result answer(String question, String context) {
    return answer(List.of(new Query(question, context))).get(0);
  }

  /**
   * Answers several questions together. Each result is the one that its question has alone.
   *
   * @param queries the questions, any number of them
   * @return the results, in the order of the questions; unmodifiable
   * @throws IllegalArgumentException if a question or context has no tokens or too many
   */
  public List<Result> answer(List<Query> queries) {
    return Attempt.results(tryAnswer(queries));
  }

  /**
   * Answers several questions, where one that cannot be read does not affect the others.
   *
   * @param queries the questions, any number of them
   * @return for each question, in the same order, its result or why there is none
   */
  public List<Attempt<Result>> tryAnswer(List<Query> queries) {
    return texts.attempt(
        queries,
        query -> windows(texts.encode("answer", query.question, query.context), lengths),
        states -> TextEncoder.perSequence(head, states),
        this::result);
  }

  private static List<Window> windows(Encoding pair, LengthPolicy lengths) {
    return lengths.windows("answer", pair, TextEncoder.firstOfSecond(pair));
  }

  /**
   * Returns the windows in which a question and its context are read, as training needs them:
   * {@code [CLS] question [SEP] part of the context [SEP]}.
   *
   * @param query the question and its context
   * @param tokenizer the tokenizer of the model
   * @param maxLength the most tokens of a window, [CLS] and [SEP] included
   * @param stride tokens from one window to the next, see {@link #withStride}; 0 for half a window
   * @return the windows in the order of the context
   * @throws IllegalArgumentException if the question or the context has no tokens, or the question
   *     leaves no room for the context
   */
  public static List<Window> windows(Query query, Tokenizer tokenizer, int maxLength, int stride) {
    Encoding pair = TextEncoder.encode(tokenizer, "answer", query.question, query.context);
    return windows(pair, new LengthPolicy(LongText.WINDOW, maxLength, stride));
  }

  private Result result(Query query, List<Window> windows, List<List<float[]>> logits) {
    AnswerSearch search = new AnswerSearch(choice);
    for (int w = 0; w < windows.size(); w++) {
      search.add(windows.get(w), logits.get(w).get(0));
    }
    Window last = windows.get(windows.size() - 1);
    return search.result(last.encoding(), query.context, last.cut());
  }
}

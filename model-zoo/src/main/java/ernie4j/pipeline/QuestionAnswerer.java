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
 * Finds the answer to a question in a text (the context). May be shared between threads.
 *
 * <pre>{@code
 * QuestionAnswerer reader =
 *     QuestionAnswerer.load(Path.of("cmrc.ernie")).withLongText(LongText.WINDOW);
 * reader.answer("谁写了红楼梦？", context).best().ifPresent(a -> System.out.println(a.text()));
 * }</pre>
 *
 * <p>As in the original, an answer's score is the sum of the logits of its two ends, and its
 * probability the softmax of this score among the best spans of all windows (20, or as many as are
 * asked for if that is more). Unlike the original, which looks at the 20 best starts and ends only,
 * every span counts that is short enough.
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

  /** Which spans are answers: see the methods that set each. */
  record Choice(int best, int maxAnswerTokens, boolean mayBeNone, double threshold) {}

  /**
   * A pipeline over a model in memory.
   *
   * @throws WrongTaskException if the model is for another task
   */
  public static QuestionAnswerer of(Model model) {
    return of(model, Kernels.best());
  }

  /** A pipeline over a model on the given kernels. */
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

  /** Loads a model file. */
  public static QuestionAnswerer load(Path path) throws IOException {
    return ModelFile.load(path, QuestionAnswerer::of);
  }

  /** Loads a model: a file, or else a pulled model by name. */
  public static QuestionAnswerer load(String fileOrName) throws IOException {
    return load(ModelCache.standard().locate(fileOrName));
  }

  @Override
  public QuestionAnswerer withExecution(ExecutionOptions options) {
    return new QuestionAnswerer(texts.withExecution(options), head, lengths, choice);
  }

  /**
   * This pipeline with another policy for long contexts; at first it is {@link LongText#ERROR}.
   * Only the context is cut or read in windows, never the question.
   */
  public QuestionAnswerer withLongText(LongText longText) {
    return new QuestionAnswerer(texts, head, lengths.withLongText(longText), choice);
  }

  /** This pipeline with inputs of at most so many tokens at once, for example as in training. */
  public QuestionAnswerer withMaxLength(int tokens) {
    return new QuestionAnswerer(texts, head, lengths.withMaxLength(tokens), choice);
  }

  /**
   * This pipeline with another step from the start of a window to that of the next, in tokens of
   * the context (PaddleNLP's {@code doc_stride}); at first it is half of what a window shows of the
   * context.
   */
  public QuestionAnswerer withStride(int tokens) {
    return new QuestionAnswerer(texts, head, lengths.withStride(tokens), choice);
  }

  /** This pipeline giving up to so many answers, the best first; at first it is one. */
  public QuestionAnswerer withBest(int answers) {
    return with(new Choice(answers, choice.maxAnswerTokens, choice.mayBeNone, choice.threshold));
  }

  /** This pipeline with another length of the longest answer, in tokens; at first it is 50. */
  public QuestionAnswerer withMaxAnswerLength(int tokens) {
    return with(new Choice(choice.best, tokens, choice.mayBeNone, choice.threshold));
  }

  /**
   * This pipeline for models that learned from questions without an answer: there is none if the
   * score of [CLS], the least of all windows, exceeds that of the best answer by more than the
   * threshold. A pipeline begins with the model's own {@link HeadOptions#NO_ANSWER_THRESHOLD};
   * without it there always is an answer.
   *
   * @param threshold usually 0; larger values prefer answers
   */
  public QuestionAnswerer withNoAnswer(double threshold) {
    return with(new Choice(choice.best, choice.maxAnswerTokens, true, threshold));
  }

  /** This pipeline giving its best answer whether or not the model holds that there is one. */
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

  /** A question and the text that may answer it. */
  public record Query(String question, String context) {}

  /**
   * A part of the context.
   *
   * @param text the part
   * @param start index of its first char (UTF-16) in the context
   * @param end index behind its last char
   * @param score sum of the logits of both ends
   * @param probability among the best spans, see the class
   */
  public record Answer(String text, int start, int end, double score, double probability) {}

  /**
   * What was found.
   *
   * @param answers the best first; empty if there is none
   * @param noAnswerProbability that there is none; 0 unless {@link #withNoAnswer} was called
   * @param truncated whether the end of the context was ignored
   */
  public record Result(List<Answer> answers, double noAnswerProbability, boolean truncated) {
    /** Keeps an unmodifiable copy of the answers. */
    public Result {
      answers = List.copyOf(answers);
    }

    /** The best answer. */
    public Optional<Answer> best() {
      return answers.stream().findFirst();
    }
  }

  /**
   * Answers a question.
   *
   * @throws IllegalArgumentException if question or context have no tokens, the context has too
   *     many, or the question leaves no room for it
   */
  public Result answer(String question, String context) {
    return answer(List.of(new Query(question, context))).get(0);
  }

  /** Answers several questions together; the results are those that each has alone. */
  public List<Result> answer(List<Query> queries) {
    return Attempt.results(tryAnswer(queries));
  }

  /** Answers several questions; one that cannot be read does not lose the others. */
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
   * The windows in which a question and its context are read, as training needs them: {@code [CLS]
   * question [SEP] part of the context [SEP]}.
   *
   * @param stride tokens from one window to the next, see {@link #withStride}
   * @throws IllegalArgumentException if question or context have no tokens, or the question leaves
   *     no room for the context
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

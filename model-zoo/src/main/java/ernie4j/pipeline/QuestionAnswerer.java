package ernie4j.pipeline;

import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.QuestionAnsweringHead;
import ernie4j.engine.head.TaskNames;
import ernie4j.engine.kernels.Kernels;
import ernie4j.tokenizer.Encoding;
import ernie4j.zoo.cache.ModelCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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
public final class QuestionAnswerer {
  private final TextEncoder texts;
  private final QuestionAnsweringHead head;
  private final Reading reading;
  private final Choice choice;

  private QuestionAnswerer(
      TextEncoder texts, QuestionAnsweringHead head, Reading reading, Choice choice) {
    this.texts = texts;
    this.head = head;
    this.reading = reading;
    this.choice = choice;
  }

  /** Which spans are answers: see the methods that set each. */
  record Choice(int best, int maxAnswerTokens, boolean mayBeNone, double threshold) {}

  /**
   * A pipeline over a model in memory.
   *
   * @throws IllegalArgumentException if the model is for another task
   */
  public static QuestionAnswerer of(Model model) {
    return of(model, Kernels.best());
  }

  /** A pipeline over a model on the given kernels. */
  public static QuestionAnswerer of(Model model, Kernels kernels) {
    Pipelines.requireTask(model, TaskNames.QUESTION_ANSWERING);
    TextEncoder texts = new TextEncoder(model, kernels);
    QuestionAnsweringHead head = QuestionAnsweringHead.of(texts.encoder(), model.parameters());
    return new QuestionAnswerer(
        texts, head, texts.reading(LongText.ERROR), new Choice(1, 50, false, 0));
  }

  /** Loads a model file. */
  public static QuestionAnswerer load(Path path) throws IOException {
    return ModelFile.load(path, QuestionAnswerer::of);
  }

  /** Loads a model of the local cache, see {@link ModelCache#standard}. */
  public static QuestionAnswerer load(String name) throws IOException {
    return load(ModelCache.standard().require(name));
  }

  /**
   * This pipeline with another policy for long contexts; at first it is {@link LongText#ERROR}.
   * Only the context is cut or read in windows, never the question.
   */
  public QuestionAnswerer withLongText(LongText longText) {
    return new QuestionAnswerer(texts, head, reading.withLongText(longText), choice);
  }

  /** This pipeline reading no more than so many tokens at once, for example as in training. */
  public QuestionAnswerer withMaxLength(int tokens) {
    return new QuestionAnswerer(texts, head, reading.withMaxLength(tokens), choice);
  }

  /**
   * This pipeline with another step from the start of a window to that of the next, in tokens of
   * the context (PaddleNLP's {@code doc_stride}); at first it is half of what a window shows of the
   * context.
   */
  public QuestionAnswerer withStride(int tokens) {
    return new QuestionAnswerer(texts, head, reading.withStride(tokens), choice);
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
   * threshold.
   *
   * @param threshold usually 0; larger values prefer answers
   */
  public QuestionAnswerer withNoAnswer(double threshold) {
    return with(new Choice(choice.best, choice.maxAnswerTokens, true, threshold));
  }

  private QuestionAnswerer with(Choice other) {
    if (other.best < 1 || other.maxAnswerTokens < 1) {
      throw new IllegalArgumentException(
          "answers: expected at least 1 of at least 1 token, got %d of %d"
              .formatted(other.best, other.maxAnswerTokens));
    }
    return new QuestionAnswerer(texts, head, reading, other);
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
    List<List<Window>> perQuery = new ArrayList<>();
    for (Query query : queries) {
      Encoding pair = texts.encode("answer", query.question, query.context);
      perQuery.add(reading.windows("answer", pair, TextEncoder.firstOfSecond(pair)));
    }
    List<QuestionAnsweringHead.Spans> logits =
        texts.forward(perQuery.stream().flatMap(List::stream).toList(), this::logits);
    List<Result> results = new ArrayList<>();
    int first = 0;
    for (int i = 0; i < queries.size(); i++) {
      List<Window> windows = perQuery.get(i);
      AnswerSearch search = new AnswerSearch(choice);
      for (int w = 0; w < windows.size(); w++) {
        search.add(windows.get(w), logits.get(first + w));
      }
      Window last = windows.get(windows.size() - 1);
      results.add(search.result(last.encoding(), queries.get(i).context, last.isCut()));
      first += windows.size();
    }
    return results;
  }

  private List<QuestionAnsweringHead.Spans> logits(EncoderWorkspace states) {
    QuestionAnsweringHead.Spans both = head.logits(states);
    List<float[]> starts = TextEncoder.perToken(states.batch(), both.start());
    List<float[]> ends = TextEncoder.perToken(states.batch(), both.end());
    List<QuestionAnsweringHead.Spans> spans = new ArrayList<>();
    for (int s = 0; s < starts.size(); s++) {
      spans.add(new QuestionAnsweringHead.Spans(starts.get(s), ends.get(s)));
    }
    return spans;
  }
}

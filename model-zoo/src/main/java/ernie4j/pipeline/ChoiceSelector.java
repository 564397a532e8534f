package ernie4j.pipeline;

import ernie4j.engine.encoder.ExecutionOptions;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.Head;
import ernie4j.engine.head.Logits;
import ernie4j.engine.head.Task;
import ernie4j.engine.head.WrongTaskException;
import ernie4j.engine.kernels.Kernels;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.zoo.cache.ModelCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Picks the best of several answers to a question about a text, or the best word for a gap in it. A
 * choice is read as the pair {@code [CLS] context [SEP] question choice [SEP]}. If the pair is too
 * long, {@link LongText#TRUNCATE} cuts the longer of both; a context with a {@link #GAP} is cut
 * around the gap first. A selector may be shared between threads.
 *
 * <pre>{@code
 * ChoiceSelector selector = ChoiceSelector.load("c3.ernie").withLongText(LongText.TRUNCATE);
 * selector.select(dialogue, "男的要去哪儿？", List.of("机场", "车站", "公司")).choice();  // 机场
 * }</pre>
 */
public final class ChoiceSelector extends Pipeline {
  /** The mark in a context where a choice belongs. */
  public static final String GAP = "____";

  private final Head head;
  private final LengthPolicy lengths;

  private ChoiceSelector(TextEncoder texts, Head head, LengthPolicy lengths) {
    super(texts);
    this.head = head;
    this.lengths = lengths;
  }

  /**
   * Returns a pipeline over a model in memory that computes with the fastest kernels of this
   * machine.
   *
   * @param model the multiple-choice model, with its vocabulary; not changed
   * @return the pipeline
   * @throws WrongTaskException if the model is for another task
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static ChoiceSelector of(Model model) {
    return of(model, Kernels.best());
  }

  /**
   * Returns a pipeline over a model in memory that computes with the given kernels.
   *
   * @param model the multiple-choice model, with its vocabulary; not changed
   * @param kernels the kernels to compute with
   * @return the pipeline
   * @throws WrongTaskException if the model is for another task
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static ChoiceSelector of(Model model, Kernels kernels) {
    Pipelines.requireTask(model, Task.MULTIPLE_CHOICE);
    TextEncoder texts = new TextEncoder(model, kernels);
    Head head = Pipelines.head(model, Task.MULTIPLE_CHOICE, texts);
    return new ChoiceSelector(texts, head, texts.lengths(LongText.ERROR));
  }

  /**
   * Loads a model file.
   *
   * @param path the {@code .ernie} file
   * @return a pipeline over the model
   * @throws IOException if the file cannot be read, or is damaged or no model file
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static ChoiceSelector load(Path path) throws IOException {
    return ModelFile.load(path, ChoiceSelector::of);
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
  public static ChoiceSelector load(String fileOrName) throws IOException {
    return load(ModelCache.standard().locate(fileOrName));
  }

  @Override
  public ChoiceSelector withExecution(ExecutionOptions options) {
    return new ChoiceSelector(texts.withExecution(options), head, lengths);
  }

  /**
   * Returns this pipeline with another policy for long texts.
   *
   * @param longText {@link LongText#ERROR}, which is the default, or {@link LongText#TRUNCATE}
   * @return the new pipeline
   * @throws IllegalArgumentException if it is {@link LongText#WINDOW}
   */
  public ChoiceSelector withLongText(LongText longText) {
    return new ChoiceSelector(texts, head, lengths.withLongTextButNoWindows(longText));
  }

  /**
   * Returns this pipeline with another limit on the tokens of an input.
   *
   * @param tokens the most tokens of a context with its question and choice, [CLS] and [SEP]
   *     included, from 4 to the current limit, which is at first the model's number of positions;
   *     the length used in training is a good choice
   * @return the new pipeline
   * @throws IllegalArgumentException if it is out of this range
   */
  public ChoiceSelector withMaxLength(int tokens) {
    return new ChoiceSelector(texts, head, lengths.withMaxLength(tokens));
  }

  /**
   * A question with its choices.
   *
   * @param context the text that the answer follows from
   * @param question the question; may be empty, for example if a choice fills a gap in the context
   * @param choices the answers to choose from, at least two
   */
  public record Question(String context, String question, List<String> choices) {
    /**
     * Keeps an unmodifiable copy of the choices.
     *
     * @throws IllegalArgumentException if there are fewer than two
     */
    public Question {
      choices = List.copyOf(choices);
      if (choices.size() < 2) {
        throw new IllegalArgumentException(
            "select: expected at least two choices, got " + choices.size());
      }
    }
  }

  /**
   * The choice that fits best.
   *
   * @param index the index of the choice, from 0
   * @param choice its text
   * @param probability its probability among the choices
   * @param probabilities the probabilities of all choices in their order; they sum to 1
   * @param truncated whether a part of the context or of a choice was ignored
   */
  public record Result(
      int index, String choice, double probability, List<Double> probabilities, boolean truncated) {
    /** Keeps an unmodifiable copy of the probabilities. */
    public Result {
      probabilities = List.copyOf(probabilities);
    }
  }

  /**
   * Picks the choice that fits a context and a question best.
   *
   * @param context the text that the answer follows from
   * @param question the question; empty where the choices fill a gap in the context
   * @param choices the answers to choose from, at least two
   * @return the best choice and the probabilities of all
   * @throws IllegalArgumentException if there are fewer than two choices, if the context or a
   *     choice has no tokens, or if they have too many together
   */
  public Result select(String context, String question, List<String> choices) {
    return select(List.of(new Question(context, question, choices))).get(0);
  }

  /**
   * Answers several questions together. Each result is the one that its question has alone.
   *
   * @param questions the questions, any number of them
   * @return the results, in the order of the questions; unmodifiable
   * @throws IllegalArgumentException if a context or choice has no tokens, or a pair has too many
   */
  public List<Result> select(List<Question> questions) {
    return Attempt.results(trySelect(questions));
  }

  /**
   * Answers several questions, where one that cannot be read does not affect the others.
   *
   * @param questions the questions, any number of them
   * @return for each question, in the same order, its result or why there is none
   */
  public List<Attempt<Result>> trySelect(List<Question> questions) {
    return texts.attempt(
        questions,
        this::windows,
        states -> TextEncoder.perSequence(head, states),
        ChoiceSelector::result);
  }

  private List<Window> windows(Question question) {
    boolean mayCut = lengths.longText() != LongText.ERROR;
    List<TextPair> pairs =
        pairs(question, texts.tokenizer(), mayCut ? lengths.maxLength() : Integer.MAX_VALUE);
    boolean begun = !pairs.get(0).first().equals(question.context);
    return pairs.stream()
        .map(pair -> texts.window("select", pair, lengths))
        .map(window -> begun ? window.withCut() : window)
        .collect(Collectors.toList());
  }

  /**
   * Returns the pairs that a question is read as, one for each choice. Where they are too long, a
   * context with a {@link #GAP} starts shortly before the gap, so that the gap is read.
   *
   * @param question the context, question and choices
   * @param tokenizer the tokenizer of the model
   * @param maxLength the most tokens of a pair, [CLS] and [SEP] included
   * @return the pairs in the order of the choices; the context is the first text, question and
   *     choice are the second
   */
  public static List<TextPair> pairs(Question question, Tokenizer tokenizer, int maxLength) {
    String asked = question.question.isEmpty() ? "" : question.question + " ";
    String read = question.context;
    int from = read.indexOf(GAP) - maxLength / 2;
    if (from > 0 && !fits(question, asked, tokenizer, maxLength)) {
      boolean inPair = Character.isLowSurrogate(read.charAt(from));
      read = read.substring(inPair ? from + 1 : from);
    }
    String context = read;
    return question.choices.stream()
        .map(c -> new TextPair(context, asked + c))
        .collect(Collectors.toList());
  }

  private static boolean fits(Question question, String asked, Tokenizer tokenizer, int maxLength) {
    return question.choices.stream()
        .allMatch(c -> tokenizer.encode(question.context, asked + c).length() <= maxLength);
  }

  private static Result result(
      Question question, List<Window> windows, List<List<float[]>> logits) {
    float[] scores = new float[windows.size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = logits.get(i).get(0)[0];
    }
    int best = Logits.argmax(scores, 0, scores.length);
    double[] probabilities = Logits.probabilities(scores, 0, scores.length);
    return new Result(
        best,
        question.choices.get(best),
        probabilities[best],
        List.copyOf(Arrays.stream(probabilities).boxed().collect(Collectors.toList())),
        windows.stream().anyMatch(Window::cut));
  }
}

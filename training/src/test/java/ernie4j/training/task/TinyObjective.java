package ernie4j.training.task;

import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.training.Trainer;
import ernie4j.training.data.Labels;
import ernie4j.training.data.Split;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/** An objective over one of the problems of {@link TinyTasks}, for tests of all objectives. */
public final class TinyObjective {
  public static final int POSITIONS = 16;

  private static final int EXAMPLES = 240;
  private static final Map<String, Model> TRAINED = new ConcurrentHashMap<>();
  private static final Labels CLASSES = new Labels(List.of("good", "bad", "open"));
  private static final Labels MARKS = new Labels(List.of("good", "bad", "far"));
  private static final Labels TAGS = new Labels(List.of("O", "B-LOC", "I-LOC", "B-PER", "I-PER"));
  private static final Labels INTENTS = new Labels(List.of("go", "praise", "chat"));
  private static final Labels SLOTS =
      new Labels(List.of("PAD", "O", "B-place", "B-who", "I-place", "I-who"));

  public static final TinyObjective CLASSIFY =
      new TinyObjective(
          "classify",
          30,
          of(TinyTasks::texts, (s, data) -> new ClassificationObjective(s, CLASSES, data)));

  public static final TinyObjective LABEL =
      new TinyObjective(
          "label",
          40,
          of(TinyTasks::labelled, (s, data) -> new MultiLabelObjective(s, MARKS, data, 0.4)));

  public static final TinyObjective SCORE =
      new TinyObjective(
          "score",
          40,
          of(
              TinyTasks::scores,
              (s, data) -> new ScoringObjective(s, data, ScoringObjective.Loss.CROSS_ENTROPY)));

  public static final TinyObjective SQUARE =
      new TinyObjective(
          "score by squares",
          40,
          of(
              TinyTasks::scores,
              (s, data) -> new ScoringObjective(s, data, ScoringObjective.Loss.SQUARED_ERROR)));

  public static final TinyObjective TAG =
      new TinyObjective(
          "tag", 12, of(TinyTasks::tags, (s, data) -> new TaggingObjective(s, TAGS, data)));

  public static final TinyObjective ANSWER =
      new TinyObjective(
          "answer",
          16,
          of(
              count -> TinyTasks.openQuestions(count, 24),
              (s, data) -> new QuestionAnsweringObjective(s, data, 6)));

  public static final TinyObjective CHOOSE =
      new TinyObjective("choose", 12, of(TinyTasks::choices, MultipleChoiceObjective::new));

  public static final TinyObjective JOINT =
      new TinyObjective(
          "joint",
          20,
          of(TinyTasks::utterances, (s, data) -> new JointObjective(s, INTENTS, SLOTS, data)));

  public static final TinyObjective EXTRACT =
      new TinyObjective("extract", 30, of(TinyTasks::prompts, ExtractionObjective::new));

  public static final TinyObjective WORDS =
      new TinyObjective(
          "words",
          20,
          of(
              count -> Split.of(TinyTasks.repeated(count), 0.25, 1),
              (s, data) -> {
                List<String> texts = new ArrayList<>(data.train());
                texts.addAll(data.dev());
                return new MaskedLanguageObjective(s, texts.size(), texts::get, data.dev().size());
              }));

  private final String name;
  private final int epochs;
  private final Problem problem;

  private TinyObjective(String name, int epochs, Problem problem) {
    this.name = name;
    this.epochs = epochs;
    this.problem = problem;
  }

  /** Makes an objective over examples, of which only the first ones keep their labels. */
  private interface Problem {
    Objective over(TaskSetup setup, int examples, int labelled);
  }

  private static <E> Problem of(
      IntFunction<Split<E>> data, BiFunction<TaskSetup, Split<E>, Objective> objective) {
    return (setup, examples, labelled) -> {
      Split<E> all = data.apply(examples);
      int known = Math.min(labelled, all.train().size());
      return objective.apply(
          setup,
          new Split<>(
              all.train().subList(0, known),
              all.dev(),
              all.train().subList(known, all.train().size())));
    };
  }

  /** All nine objectives, one of them with both of its losses. */
  public static List<TinyObjective> all() {
    return Stream.concat(labelled().stream(), Stream.of(WORDS)).toList();
  }

  /** Those with labels and a pipeline: all but the masked language model. */
  public static List<TinyObjective> labelled() {
    return List.of(CLASSIFY, LABEL, SCORE, SQUARE, TAG, ANSWER, CHOOSE, JOINT, EXTRACT);
  }

  /** A learnable problem, three quarters of whose examples are to learn from. */
  public Objective of(TaskSetup setup) {
    return of(setup, EXAMPLES);
  }

  public Objective of(TaskSetup setup, int examples) {
    return problem.over(setup, examples, Integer.MAX_VALUE);
  }

  /** Only the first {@code labelled} training examples have labels that count. */
  public Objective partlyLabelled(TaskSetup setup, int examples, int labelled) {
    return problem.over(setup, examples, labelled);
  }

  public int epochs() {
    return epochs;
  }

  /** A model that has learned the problem: trained once for all tests. */
  public Model trained() {
    return TRAINED.computeIfAbsent(name, key -> train());
  }

  /** The model that the training of {@link #trained} begins with. */
  public Model untrained() {
    TaskSetup setup = TinyTasks.setup(POSITIONS, 0.1f, Parallel.serial());
    return FineTuning.start(setup, of(setup));
  }

  private Model train() {
    try (Parallel parallel = Parallel.of(2)) {
      Path folder = Files.createTempDirectory("trained");
      try {
        TaskSetup setup = TinyTasks.setup(POSITIONS, 0.1f, parallel);
        setup.fineTune(of(setup), TinyTasks.options(epochs), folder);
        return ModelFile.read(folder.resolve(Trainer.MODEL));
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  @Override
  public String toString() {
    return name;
  }
}

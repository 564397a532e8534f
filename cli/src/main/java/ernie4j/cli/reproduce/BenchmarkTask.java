package ernie4j.cli.reproduce;

import ernie4j.training.data.Utf8Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A task on which encoders are compared.
 *
 * @param name its name in the table
 * @param group in-domain, out-of-domain or low-resource
 * @param train training files: one, or one per repetition
 * @param command the command that trains it, without training file, model, folder and seed
 * @param metric its column of metrics.csv
 * @param steps optimizer steps
 */
record BenchmarkTask(
    String name, Group group, List<Path> train, List<Object> command, String metric, long steps) {
  /** The relation of a task to what the teacher has learned. */
  enum Group {
    /** A task of the multi-task teacher. */
    IN_DOMAIN("in-domain"),
    /** A task that no teacher has learned. */
    OUT_OF_DOMAIN("out-of-domain"),
    /** A task that no teacher has learned, with a handful of examples. */
    LOW_RESOURCE("low-resource");

    private final String title;

    Group(String title) {
      this.title = title;
    }

    @Override
    public String toString() {
      return title;
    }
  }

  /**
   * The number of examples in a training file of FewCLUE's tasks with two classes, which have five
   * such files.
   */
  private static final int SPLIT = 32;

  private static final int SPLITS = 5;

  private static final String AFQMC = "afqmc";

  /**
   * All tasks. Nothing is read yet; {@link #prepare} must be called first.
   *
   * @param data the data sets, each in a folder with its name
   * @param prepared the folder for splits, and for tables that get a line of column names
   * @param steps the optimizer steps of all tasks except those with 32 examples
   * @param fewShotSteps the optimizer steps of tasks with 32 examples
   */
  static List<BenchmarkTask> all(Path data, Path prepared, long steps, long fewShotSteps) {
    List<BenchmarkTask> tasks = new ArrayList<>();
    Path hotels = data.resolve("chnsenticorp");
    tasks.add(
        inDomain("chnsenticorp", hotels.resolve("train.tsv"), hotels.resolve("dev.tsv"), steps));
    tasks.add(
        inDomain(
            AFQMC, prepared.resolve("afqmc-train.tsv"), prepared.resolve("afqmc-dev.tsv"), steps));
    Path ocnli = data.resolve("ocnli");
    tasks.add(inDomain("ocnli", ocnli.resolve("train.10k.json"), ocnli.resolve("dev.json"), steps));
    Path few = data.resolve("fewclue");
    for (String topics : List.of("tnews", "iflytek")) {
      Path folder = few.resolve(topics);
      Path train = folder.resolve("train_few_all.json");
      tasks.add(inDomain(topics, train, folder.resolve("dev_few_all.json"), steps));
    }
    Path names = data.resolve("msra-ner");
    List<Object> tag = command("tag", names.resolve("dev.txt"), 32);
    tasks.add(task("msra-ner", Group.IN_DOMAIN, names.resolve("train.txt"), tag, "f1", steps));
    Path shopping = data.resolve("shopping10/online_shopping_10_cats.csv");
    List<Object> classify = List.of("train", "classify", "--batch-size", 32);
    tasks.add(task("shopping10", Group.OUT_OF_DOMAIN, shopping, classify, "accuracy", steps));
    tasks.add(slu(data.resolve("nlpcc2018-task4"), steps));
    for (String name : List.of("bustm", "eprstmt")) {
      tasks.add(lowResource(few, name, splits(name, prepared), fewShotSteps));
    }
    // 67 classes with eight examples each: a hundred steps would be only three epochs.
    Path csldcp = few.resolve("csldcp/train_0.json");
    tasks.add(lowResource(few, "csldcp", List.of(csldcp), steps));
    return tasks;
  }

  private static BenchmarkTask inDomain(String name, Path train, Path dev, long steps) {
    return task(name, Group.IN_DOMAIN, train, command("classify", dev, 32), "accuracy", steps);
  }

  private static BenchmarkTask task(
      String name, Group group, Path train, List<Object> command, String metric, long steps) {
    return new BenchmarkTask(name, group, List.of(train), command, metric, steps);
  }

  private static BenchmarkTask lowResource(Path data, String name, List<Path> train, long steps) {
    List<Object> classify = command("classify", data.resolve(name).resolve("dev_few_all.json"), 16);
    return new BenchmarkTask(name, Group.LOW_RESOURCE, train, classify, "accuracy", steps);
  }

  private static List<Path> splits(String name, Path prepared) {
    return IntStream.range(0, SPLITS)
        .mapToObj(i -> prepared.resolve("%s-train-%d.json".formatted(name, i)))
        .toList();
  }

  /** Writes the files of this task that the data sets do not provide in the required form. */
  void prepare(Path data) throws IOException {
    if (name.equals(AFQMC)) {
      Path folder = data.resolve(AFQMC);
      Path prepared = train.get(0).resolveSibling("");
      addNames(folder.resolve("train.txt"), prepared.resolve("afqmc-train.tsv"));
      addNames(folder.resolve("dev.txt"), prepared.resolve("afqmc-dev.tsv"));
    }
    if (train.size() == SPLITS) {
      writeSplits(data.resolve("fewclue").resolve(name).resolve("train_few_all.json"));
    }
  }

  /** Writes the five splits that {@code train_few_all.json} consists of. */
  private void writeSplits(Path file) throws IOException {
    List<String> lines = Utf8Text.read(file).lines().filter(l -> !l.isBlank()).toList();
    if (lines.size() != SPLITS * SPLIT) {
      throw new IOException(
          "%s: expected %d splits of %d examples, got %d lines"
              .formatted(file, SPLITS, SPLIT, lines.size()));
    }
    for (int i = 0; i < SPLITS; i++) {
      Files.write(train.get(i), lines.subList(i * SPLIT, (i + 1) * SPLIT));
    }
  }

  private static BenchmarkTask slu(Path folder, long steps) {
    List<Object> command = new ArrayList<>(List.of("train", "slu"));
    command.addAll(List.of("--intent-labels", folder.resolve("intent_label.txt")));
    command.addAll(List.of("--slot-labels", folder.resolve("slot_label.txt")));
    command.addAll(List.of("--vocabulary-size", Integer.MAX_VALUE));
    command.addAll(List.of("--batch-size", 64));
    Path corpus = folder.resolve("corpus.train.txt");
    return task("slu", Group.OUT_OF_DOMAIN, corpus, command, "accuracy", steps);
  }

  private static List<Object> command(String kind, Path dev, int batchSize) {
    return List.of("train", kind, "--dev-data", dev, "--batch-size", batchSize);
  }

  /** Copies a table of pairs and adds a line of column names. */
  private static void addNames(Path table, Path copy) throws IOException {
    List<String> lines = new ArrayList<>(List.of("sentence1\tsentence2\tlabel"));
    lines.addAll(Utf8Text.read(table).lines().toList());
    Files.write(copy, lines);
  }

  /** Whether it is so small that several seeds are needed. */
  boolean repeated() {
    return group == Group.LOW_RESOURCE;
  }

  /** The command of the n-th repetition, counted from 0, without model, folder and seed. */
  List<Object> command(int repetition) {
    List<Object> words = new ArrayList<>(command);
    words.addAll(List.of("--data", train.get(repetition % train.size())));
    return words;
  }

  /** The option and file with which this becomes a task of {@code train multitask}. */
  List<Object> ofTeacher() {
    return List.of("--" + command.get(1), name + "=" + ExperimentSteps.word(train.get(0)));
  }
}

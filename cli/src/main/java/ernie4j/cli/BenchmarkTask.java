package ernie4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A task that encoders are compared on.
 *
 * @param name as the table has it
 * @param group in-domain, out-of-domain or low-resource
 * @param command trains it, without model, folder and seed
 * @param metric its column of metrics.csv
 * @param steps optimizer steps
 * @param repeated whether it is so small that several seeds are needed
 */
record BenchmarkTask(
    String name, Group group, List<Object> command, String metric, long steps, boolean repeated) {
  /** How a task relates to what the teacher has learnt. */
  enum Group {
    /** A task of the multi-task teacher. */
    IN_DOMAIN("in-domain"),
    /** A task that no teacher has seen. */
    OUT_OF_DOMAIN("out-of-domain"),
    /** Such a task with a handful of examples. */
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

  private static final List<String> FEW_SHOT = List.of("bustm", "eprstmt", "csldcp");

  /**
   * All tasks.
   *
   * @param data holds the data sets, each in a folder of its name
   * @param prepared receives tables that get a line of column names
   */
  static List<BenchmarkTask> all(Path data, Path prepared, long steps, long fewShotSteps)
      throws IOException {
    List<BenchmarkTask> tasks = new ArrayList<>();
    Path hotels = data.resolve("chnsenticorp");
    tasks.add(
        inDomain("chnsenticorp", hotels.resolve("train.tsv"), hotels.resolve("dev.tsv"), steps));
    Path afqmc = data.resolve("afqmc");
    tasks.add(
        inDomain(
            "afqmc",
            named(afqmc.resolve("train.txt"), prepared.resolve("afqmc-train.tsv")),
            named(afqmc.resolve("dev.txt"), prepared.resolve("afqmc-dev.tsv")),
            steps));
    Path ocnli = data.resolve("ocnli");
    tasks.add(inDomain("ocnli", ocnli.resolve("train.10k.json"), ocnli.resolve("dev.json"), steps));
    Path names = data.resolve("msra-ner");
    List<Object> tag = command("tag", names.resolve("train.txt"), names.resolve("dev.txt"), 32);
    tasks.add(new BenchmarkTask("msra-ner", Group.IN_DOMAIN, tag, "f1", steps, false));
    Path shopping = data.resolve("shopping10/online_shopping_10_cats.csv");
    tasks.add(
        new BenchmarkTask(
            "shopping10",
            Group.OUT_OF_DOMAIN,
            List.of(
                "train", "classify", "--train-path", shopping, "--per-device-train-batch-size", 32),
            "accuracy",
            steps,
            false));
    tasks.add(slu(data.resolve("nlpcc2018-task4"), steps));
    for (String name : FEW_SHOT) {
      Path folder = data.resolve("fewclue").resolve(name);
      List<Object> classify =
          command(
              "classify", folder.resolve("train_0.json"), folder.resolve("dev_few_all.json"), 16);
      tasks.add(
          new BenchmarkTask(name, Group.LOW_RESOURCE, classify, "accuracy", fewShotSteps, true));
    }
    return tasks;
  }

  private static BenchmarkTask inDomain(String name, Path train, Path dev, long steps) {
    List<Object> classify = command("classify", train, dev, 32);
    return new BenchmarkTask(name, Group.IN_DOMAIN, classify, "accuracy", steps, false);
  }

  private static BenchmarkTask slu(Path folder, long steps) {
    List<Object> command = new ArrayList<>(List.of("train", "slu"));
    command.addAll(List.of("--train-path", folder.resolve("corpus.train.txt")));
    command.addAll(List.of("--intent-label-path", folder.resolve("intent_label.txt")));
    command.addAll(List.of("--slot-label-path", folder.resolve("slot_label.txt")));
    command.addAll(List.of("--max-vocab-size", Integer.MAX_VALUE));
    command.addAll(List.of("--per-device-train-batch-size", 64));
    return new BenchmarkTask("slu", Group.OUT_OF_DOMAIN, command, "accuracy", steps, false);
  }

  private static List<Object> command(String kind, Path train, Path dev, int batchSize) {
    return List.of(
        "train",
        kind,
        "--train-path",
        train,
        "--dev-path",
        dev,
        "--per-device-train-batch-size",
        batchSize);
  }

  /** A copy of a table of pairs with a line of column names. */
  private static Path named(Path table, Path copy) throws IOException {
    List<String> lines = new ArrayList<>(List.of("sentence1\tsentence2\tlabel"));
    lines.addAll(Files.readAllLines(table));
    return Files.write(copy, lines);
  }

  /** The option and file that make this a task of {@code train multitask}. */
  List<Object> ofTeacher() {
    Object train = command.get(command.indexOf("--train-path") + 1);
    return List.of("--" + command.get(1), name + "=" + train);
  }
}

package ernie4j.cli.reproduce;

import ernie4j.cli.option.Distinct;
import ernie4j.cli.option.Range;
import ernie4j.cli.option.ShapeName;
import ernie4j.cli.option.UsageException;
import ernie4j.engine.EncoderConfig;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.file.OutputPlace;
import ernie4j.engine.head.Task;
import ernie4j.training.Trainer;
import ernie4j.training.model.RandomParameters;
import ernie4j.zoo.Architectures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Reproduces the table of docs/distillation.md: students of a general teacher (v1), students of the
 * same teacher after it has learned several tasks (v2), and random encoders of the same shapes
 * (scratch), fine-tuned for tasks that the teacher has learned and for others.
 */
@Command(
    name = "distillation",
    description =
        "Distil small encoders from a general and from a multi-task teacher, fine-tune them and"
            + " random ones for many tasks, and make a table of it.",
    mixinStandardHelpOptions = true)
final class ReproduceDistillationCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Mixin ExperimentOptions experiment = new ExperimentOptions();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "Folder of the data sets, each in its own folder; see docs/distillation.md.")
  Path data;

  @Option(
      names = "--student",
      converter = ShapeName.class,
      paramLabel = "SHAPE",
      split = ",",
      defaultValue = "nano,pico",
      description = "The shapes to distil into (default: ${DEFAULT-VALUE}).")
  List<String> students = List.of();

  @Option(
      names = "--vocabulary-size",
      converter = Range.Words.class,
      defaultValue = "8000",
      description =
          "Words that teacher and students keep, the most frequent in the texts (default:"
              + " ${DEFAULT-VALUE}).")
  int vocabularySize;

  @Option(
      names = "--teacher-steps",
      converter = Range.Steps.class,
      defaultValue = "2000",
      description = "Steps of the multi-task teacher (default: ${DEFAULT-VALUE}).")
  long teacherSteps;

  @Option(
      names = "--task-steps",
      converter = Range.Steps.class,
      defaultValue = "300",
      description = "Steps of every fine-tuning (default: ${DEFAULT-VALUE}).")
  long taskSteps;

  @Option(
      names = "--few-shot-steps",
      converter = Range.Steps.class,
      defaultValue = "100",
      description = "Steps of every fine-tuning on 32 examples (default: ${DEFAULT-VALUE}).")
  long fewShotSteps;

  @Option(
      names = "--learning-rate",
      converter = Range.Positive.class,
      defaultValue = "4e-4",
      description = "Learning rate of every fine-tuning (default: ${DEFAULT-VALUE}).")
  double learningRate;

  @Option(
      names = "--teacher-rate",
      converter = Range.Positive.class,
      defaultValue = "1e-4",
      description = "Learning rate of the multi-task teacher (default: ${DEFAULT-VALUE}).")
  double teacherRate;

  @Option(
      names = "--sampling-exponent",
      converter = Range.Share.class,
      defaultValue = "0.5",
      description =
          "Sampling exponent of the multi-task teacher: below 1, small tasks are drawn more often"
              + " than their size suggests (default: ${DEFAULT-VALUE}).")
  double samplingExponent;

  @Option(
      names = "--task",
      paramLabel = "NAME",
      split = ",",
      description = "Use only these tasks, for the teacher too (default: all).")
  List<String> only = List.of();

  @Option(
      names = "--seeds",
      split = ",",
      defaultValue = "42,43,44,45,46",
      description =
          "Seeds for the tasks with few examples; other tasks use the first (default: ${DEFAULT-VALUE}).")
  List<Long> seeds = List.of();

  @Override
  public Integer call() throws IOException {
    requireConsistent();
    OutputPlace.requireFolder(experiment.outputDir);
    List<BenchmarkTask> tasks = chosen();
    Files.createDirectories(prepared());
    for (BenchmarkTask task : tasks) {
      task.prepare(data);
    }
    ExperimentSteps steps = experiment.steps(spec);
    Path teacher = steps.file("teacher.ernie", pruning());
    Path general = steps.trained("v1", distilling(teacher));
    Path versed = steps.trained("teacher", multitask(teacher, tasks)).resolve(Trainer.MODEL);
    Path special = steps.trained("v2", distilling(versed));
    DistillationTable table = new DistillationTable();
    for (String student : students) {
      tune(new Start(student, "scratch", scratch(student, teacher)), tasks, steps, table);
      tune(new Start(student, "v1", general.resolve(file(student))), tasks, steps, table);
      tune(new Start(student, "v2", special.resolve(file(student))), tasks, steps, table);
    }
    StringBuilder text = new StringBuilder(table.toMarkdown()).append('\n');
    for (String student : students) {
      for (String[] pair : new String[][] {{"v1", "scratch"}, {"v2", "v1"}}) {
        String gain = table.difference(student + " " + pair[0], student + " " + pair[1]);
        text.append("- ").append(gain).append('\n');
      }
    }
    experiment.report(spec, "distillation", text.toString(), table::writePicture);
    return 0;
  }

  private void requireConsistent() {
    Distinct.require("--student", students);
    Distinct.require("--seeds", seeds);
    experiment.requireTexts();
  }

  /** The folder for data that must be prepared before use. */
  private Path prepared() {
    return experiment.outputDir.resolve("data");
  }

  private List<BenchmarkTask> chosen() {
    List<BenchmarkTask> all = BenchmarkTask.all(data, prepared(), taskSteps, fewShotSteps);
    if (only.isEmpty()) {
      return all;
    }
    List<String> names = all.stream().map(BenchmarkTask::name).toList();
    if (!names.containsAll(only)) {
      throw new UsageException("--task: expected some of %s, got %s".formatted(names, only));
    }
    List<BenchmarkTask> some = all.stream().filter(task -> only.contains(task.name())).toList();
    if (some.stream().noneMatch(task -> task.group() == BenchmarkTask.Group.IN_DOMAIN)) {
      throw new UsageException(
          "--task: expected a task for the teacher to learn among them, got " + only);
    }
    return some;
  }

  /** The name that {@code distill} gives to the file of the student. */
  private String file(String student) {
    return students.size() == 1 ? Trainer.MODEL : student + ".ernie";
  }

  /** Prunes the teacher to the words in the texts, because no student could learn others. */
  private List<Object> pruning() {
    List<Object> command =
        new ArrayList<>(List.of("prune-embeddings", "--model", experiment.teacher, "--text"));
    command.addAll(experiment.text);
    command.addAll(List.of("--vocabulary-size", vocabularySize));
    return command;
  }

  /** Repeats the texts until the steps are done. */
  private List<Object> distilling(Path from) {
    List<Object> command = experiment.distilling(from, String.join(",", students));
    command.addAll(List.of("--epochs", 100));
    return command;
  }

  private List<Object> multitask(Path teacher, List<BenchmarkTask> tasks) {
    List<Object> command = new ArrayList<>(List.of("train", "multitask", "--model", teacher));
    tasks.stream()
        .filter(task -> task.group() == BenchmarkTask.Group.IN_DOMAIN)
        .forEach(task -> command.addAll(task.ofTeacher()));
    command.addAll(List.of("--max-steps", teacherSteps, "--epochs", 100));
    command.addAll(List.of("--batch-size", 32));
    command.addAll(List.of("--learning-rate", teacherRate));
    command.addAll(List.of("--sampling-exponent", samplingExponent));
    command.addAll(List.of("--eval-steps", Math.max(1, teacherSteps / 3)));
    return command;
  }

  /** A random encoder of a student's shape with the teacher's vocabulary. */
  private Path scratch(String student, Path teacher) throws IOException {
    Path file = experiment.outputDir.resolve("scratch-" + student + ".ernie");
    Model large = ModelFile.read(teacher);
    EncoderConfig config =
        Architectures.of(student)
            .withVocabularySize(large.config().vocabularySize())
            .withMaxPositions(large.config().maxPositions());
    Model random = large.withParameters(config, RandomParameters.encoder(config, seeds.get(0)));
    ModelFile.write(file, random.withTask(Task.ENCODER.id(), Map.of()));
    return file;
  }

  /** An encoder to fine-tune: a row of the table. */
  private record Start(String student, String kind, Path model) {}

  private void tune(
      Start start, List<BenchmarkTask> tasks, ExperimentSteps steps, DistillationTable table)
      throws IOException {
    for (BenchmarkTask task : tasks) {
      for (int i = 0; i < (task.repeated() ? seeds.size() : 1); i++) {
        String name = "%s-%s-%s-%d".formatted(start.student, start.kind, task.name(), seeds.get(i));
        Path folder = steps.trained(name, tuning(task, start.model, i));
        table.add(start.student + " " + start.kind, task, folder);
      }
    }
  }

  private List<Object> tuning(BenchmarkTask task, Path model, int repetition) {
    List<Object> command = task.command(repetition);
    command.addAll(List.of("--model", model, "--max-length", 128));
    command.addAll(List.of("--seed", seeds.get(repetition)));
    command.addAll(List.of("--max-steps", task.steps(), "--epochs", 1000));
    command.addAll(List.of("--learning-rate", learningRate));
    command.addAll(List.of("--eval-steps", task.steps()));
    return command;
  }
}

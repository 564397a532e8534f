package ernie4j.cli.train;

import ernie4j.cli.option.Range;
import ernie4j.cli.option.TaskData;
import ernie4j.cli.option.TrainingFlags;
import ernie4j.cli.option.UsageException;
import ernie4j.cli.task.CommandTask;
import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.training.data.Split;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.model.VocabularyPruner;
import ernie4j.training.task.Distillation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Fine-tunes a model for one task: {@code train classify}, {@code train tag} ... */
@Command(mixinStandardHelpOptions = true)
final class TrainTaskCommand<E> implements Callable<Integer> {
  private final CommandTask<E> task;

  @Spec CommandSpec spec;

  @Mixin TaskTraining training;

  @Mixin TaskData data;

  @Mixin StartOptions start;

  @Mixin TeacherOptions teacher;

  @Mixin TrainingFlags flags = new TrainingFlags();

  @Option(
      names = "--r-drop",
      paramLabel = "WEIGHT",
      converter = Range.NotNegative.class,
      defaultValue = "0",
      description =
          "For slu and classify: read every example twice with different dropout and penalize different answers, with this weight relative to the labels; takes twice the time (default: ${DEFAULT-VALUE}, off).")
  double rDrop;

  @Mixin OutputFolder output;

  TrainTaskCommand(CommandTask<E> task) {
    this.task = task;
  }

  @Override
  public Integer call() throws IOException {
    output.requireFreshOrResumable();
    if (rDrop > 0 && flags.dropout() == 0) {
      throw new UsageException(
          "--r-drop needs a --dropout above 0: both answers would be the same");
    }
    PrintWriter err = spec.commandLine().getErr();
    TeacherOptions.@Nullable Chosen followed = teacher.chosen;
    TaskData.Reader<E> reader = file -> task.read(file, err);
    Split<E> examples = data.read(reader, task::split, task.devShare());
    List<E> measured = data.measured(examples, reader);
    if (followed != null && followed.unlabelled != null) {
      examples = examples.withUnlabelled(task.readUnlabelled(followed.unlabelled));
    }
    Model full = ModelFile.read(training.model);
    training.settle(task.recipe(full, examples.train().size()), flags);
    Model pruned = start.pruned(full, texts(examples), training.maxLength);
    Optional<Distillation> distillation =
        followed == null ? Optional.empty() : Optional.of(followed(followed, pruned));
    Split<E> all = examples;
    return training.run(
        spec,
        flags,
        output,
        new TaskTraining.Start(
            start.shaped(pruned, flags.seed()),
            data.name(),
            distillation,
            rDrop,
            facts(all, measured)),
        setup -> task.objective(setup, all, Map.of()),
        (objective, best, parallel) -> measure(best, measured, all, parallel));
  }

  private Evaluated measure(Model best, List<E> measured, Split<E> data, Parallel parallel) {
    Evaluated result = SeenTexts.evaluate(task, best, measured, data.train(), parallel);
    if (measured != data.dev()) {
      PrintWriter out = spec.commandLine().getOut();
      EvaluatedText.print(
          out,
          task.heldOut(data.train(), measured),
          "test " + task.examples(),
          measured.size(),
          result.metrics());
    }
    return result;
  }

  private static Distillation followed(TeacherOptions.Chosen chosen, Model student)
      throws IOException {
    List<Model> teachers = new ArrayList<>();
    for (Path file : chosen.models) {
      teachers.add(VocabularyPruner.align(ModelFile.read(file), student.vocabulary()));
    }
    return new Distillation(teachers, chosen.weight, chosen.temperature);
  }

  private List<String> texts(Split<E> examples) {
    return Stream.of(examples.train(), examples.dev(), examples.unlabelled())
        .flatMap(List::stream)
        .flatMap(example -> task.texts(example).stream())
        .toList();
  }

  private Map<String, String> facts(Split<E> data, List<E> measured) {
    Map<String, String> facts = new TreeMap<>();
    task.heldOut(data.train(), data.dev()).ifPresent(said -> facts.put("evaluated_on", said));
    if (measured != data.dev()) {
      task.heldOut(data.train(), measured).ifPresent(said -> facts.put("report_on", said));
    }
    if (teacher.chosen != null) {
      facts.putAll(teacher.chosen.facts());
    }
    if (rDrop > 0) {
      facts.put("r_drop", "weight " + rDrop);
    }
    if (start.architecture != null) {
      facts.put("initial_weights", "random (" + start.architecture + ")");
    }
    return facts;
  }
}

package ernie4j.training.pruning;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.file.Model;
import ernie4j.training.ExampleOrder;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingHistory;
import ernie4j.training.TrainingListener;
import ernie4j.training.TrainingOptions;
import ernie4j.training.autograd.Tape;
import ernie4j.training.model.TrainableModel;
import ernie4j.training.model.TrainableParameters;
import ernie4j.training.task.FineTunedTeacher;
import ernie4j.training.task.Objective;
import ernie4j.training.task.TaskSetup;
import ernie4j.training.task.TeacherAnswers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Prunes a fine-tuned model in width, after DynaBERT (Hou et al., 2020).
 *
 * <pre>{@code
 * TaskSetup setup = TaskSetup.load("fine-tuned.ernie", 128);
 * WidthPruning pruning =
 *     new WidthPruning(setup, new TaggingObjective(setup, data), WidthPruningOptions.of(List.of(0.75)));
 * pruning.run(TrainingOptions.defaults(), folder, listeners);
 * Model small = ModelFile.read(folder.resolve(WidthPruning.modelFile(0.75)));
 * }</pre>
 *
 * <p>First the importance of every head and neuron is measured ({@link Importance}), which takes
 * about as long as an epoch of fine-tuning. Then heads and neurons are sorted by importance ({@link
 * WidthPruner#reorder}). Then the leading parts of all widths are trained together to imitate the
 * fine-tuned model, the teacher; the loss is the sum over the widths of
 *
 * <pre>
 * hidden weight * sum over embeddings and layers of MSE(student, teacher)
 *   + the objective's loss of the logits against the teacher's
 *   + label weight * the objective's loss against the labels
 * </pre>
 *
 * where MSE is a mean over tokens and columns; {@link Objective#softLoss} defines the second line
 * for each task. The means of the original include padded positions, which do not exist here.
 */
public final class WidthPruning {
  private final TaskSetup setup;
  private final Objective objective;
  private final WidthPruningOptions options;
  private final List<SubModelShape> shapes;
  private final @Nullable TeacherAnswers otherTeacher;

  /**
   * A pruning of the setup's model, which is also the teacher and is not changed.
   *
   * @param setup the fine-tuned model, its tokenizer and the threads
   * @param objective what the model was fine-tuned for
   * @param options how to prune to which widths
   * @throws IllegalArgumentException if the objective's task or labels are not the model's, or the
   *     task has no logits to learn; if a width would cut a head of the model in two or leave none
   *     (the message names the possible widths); or if the model is already pruned, or its
   *     parameters do not match its configuration or are not finite
   */
  public WidthPruning(TaskSetup setup, Objective objective, WidthPruningOptions options) {
    this(setup, objective, options, List.of());
  }

  /**
   * A pruning whose sub-models learn the logits of other models, for example larger ones, but still
   * the hidden states of the setup's model.
   *
   * @param setup the fine-tuned model, its tokenizer and the threads
   * @param objective what the model was fine-tuned for
   * @param options how to prune to which widths
   * @param otherTeachers the models whose logits are learned, averaged if there are several; none
   *     for the setup's model
   * @throws IllegalArgumentException in the same cases, and if one of the other models does not
   *     fit, see {@link FineTunedTeacher}
   */
  public WidthPruning(
      TaskSetup setup,
      Objective objective,
      WidthPruningOptions options,
      List<Model> otherTeachers) {
    this.setup = setup;
    this.objective = objective;
    this.options = options;
    if (objective.task().outputs().isEmpty()) {
      throw new IllegalArgumentException(
          "WidthPruning: expected an objective whose logits a teacher can give, got %s; prune a model that was fine-tuned for another task"
              .formatted(objective.task()));
    }
    objective.requireFit(setup.model());
    EncoderConfig config = setup.model().config();
    shapes = options.widths().stream().map(width -> SubModelShape.of(config, width)).toList();
    FullModel.require(config, setup.model().parameters());
    this.otherTeacher =
        otherTeachers.isEmpty()
            ? null
            : new TeacherAnswers(
                new FineTunedTeacher(
                    otherTeachers, setup.model(), setup.kernels(), setup.parallel()),
                objective);
  }

  /**
   * The file name of the best model of a width in the output folder.
   *
   * @param width one of the widths of the options
   * @return for example {@code width-0.75.ernie}
   */
  public static String modelFile(double width) {
    return "width-" + width + ".ernie";
  }

  /**
   * Measures, sorts and trains. The folder receives what every {@link Trainer} writes, with one
   * model per width ({@link #modelFile}), from the evaluation in which the metric of this width was
   * highest. The metrics are the mean of the objective's best metric over the widths, which decides
   * which evaluation is the best one, and all of the objective's metrics for every width w, each
   * under its name and {@code _w}.
   *
   * @param training how to train
   * @param folder the output folder; created if it is missing
   * @param listeners notified of progress, in this order
   * @return all evaluations
   * @throws IOException if a file cannot be written
   * @throws ArithmeticException if the training diverges
   */
  public TrainingHistory run(
      TrainingOptions training, Path folder, List<TrainingListener> listeners) throws IOException {
    return trainer(reordered(), training, folder, listeners).run();
  }

  /**
   * Continues from the checkpoint in the folder. The final files are exactly those of an
   * uninterrupted run.
   *
   * @param training how to train, the same as before
   * @param folder the output folder of the training to continue
   * @param listeners notified of progress, in this order
   * @return all evaluations
   * @throws IOException if the checkpoint is damaged or belongs to another training
   */
  public TrainingHistory resume(
      TrainingOptions training, Path folder, List<TrainingListener> listeners) throws IOException {
    // The parameters of the checkpoint are already sorted.
    Trainer trainer = trainer(setup.model().parameters(), training, folder, listeners);
    trainer.resume();
    return trainer.run();
  }

  private ParameterSource reordered() {
    Model model = setup.model();
    return WidthPruner.reorder(model.config(), model.parameters(), importance());
  }

  private Trainer trainer(
      ParameterSource start,
      TrainingOptions training,
      Path folder,
      List<TrainingListener> listeners) {
    return setup.trainer(task(start), training, folder, listeners.toArray(TrainingListener[]::new));
  }

  WidthDistillationTask task(ParameterSource start) {
    return new WidthDistillationTask(setup, objective, start, shapes, options, otherTeacher);
  }

  /** The labelled examples in their order, or some of them if there are more than {@code most}. */
  private int[] measured(int most) {
    int labelled = objective.examples() - objective.unlabelled();
    return labelled <= most
        ? IntStream.range(0, labelled).toArray()
        : Arrays.copyOf(ExampleOrder.shuffled(labelled, setup.seed()), most);
  }

  /**
   * Measures the importance of heads and neurons of the model on labelled training examples.
   *
   * @return the importance of all heads and neurons, summed over all batches
   */
  public Importance importance() {
    ImportanceOptions how = options.importance();
    Model fineTuned = setup.model();
    TrainableModel model =
        TrainableModel.of(
            objective.task(),
            fineTuned.config(),
            TrainableParameters.of(fineTuned.parameters()),
            setup.kernels(),
            options.dropout());
    ImportanceMeter meter = new ImportanceMeter(fineTuned.config(), model, how.runningSums());
    Tape tape = new Tape(setup.kernels(), setup.parallel());
    tape.setTraining(how.dropout());
    int[] measured = measured(how.examples());
    for (int from = 0; from < measured.length; from += how.batchSize()) {
      int to = Math.min(measured.length, from + how.batchSize());
      tape.reset(from);
      meter.add(tape, objective, Arrays.copyOfRange(measured, from, to));
    }
    return meter.importance();
  }
}

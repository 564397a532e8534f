package ernie4j.training.pruning;

import ernie4j.engine.Parallel;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.file.Model;
import ernie4j.engine.kernels.Kernels;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingHistory;
import ernie4j.training.TrainingListener;
import ernie4j.training.TrainingOptions;
import ernie4j.training.autograd.Tape;
import ernie4j.training.model.JointErnie;
import ernie4j.training.model.TrainableParameters;
import ernie4j.training.slu.EncodedCorpus;
import ernie4j.training.slu.EncodedExamples;
import ernie4j.training.slu.SluCorpus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Prunes a fine-tuned joint intent and slot model in width, after DynaBERT (Hou et al., 2020).
 *
 * <pre>{@code
 * WidthPruning pruning =
 *     new WidthPruning(
 *         fineTuned, tokenizer, corpus, WidthPruningOptions.of(List.of(0.75)),
 *         Kernels.best(), parallel, Map.of());
 * pruning.run(TrainingOptions.defaults(), folder, listeners);
 * Model small = ModelFile.read(folder.resolve(WidthPruning.modelFile(0.75)));
 * }</pre>
 *
 * <p>First the importance of every head and neuron is measured ({@link Importance}), which takes
 * about as long as an epoch of fine-tuning. Then heads and neurons are put in the order of their
 * importance ({@link WidthPruner#reorder}). Then the leading parts of all widths learn together to
 * do what the fine-tuned model, the teacher, does; the loss is the sum over the widths of
 *
 * <pre>
 * hidden weight * sum over embeddings and layers of MSE(student, teacher)
 *   + (softCE(intents) + softCE(slots)) / 2
 *   + label weight * (CE(intents, labels) + CE(slots, labels))
 * </pre>
 *
 * where MSE is a mean over tokens and columns and softCE a mean over rows of the cross entropy of a
 * student's probabilities against the teacher's. Slots count at all tokens, [CLS] and [SEP]
 * included. The original's means also run over padded positions, which do not exist here.
 */
public final class WidthPruning {
  private final Model fineTuned;
  private final EncodedCorpus corpus;
  private final WidthPruningOptions options;
  private final List<SubModelShape> shapes;
  private final Kernels kernels;
  private final Parallel parallel;
  private final Map<String, String> provenance;

  /**
   * A pruning of {@code fineTuned}, which is the teacher and does not change.
   *
   * @param tokenizer the model's
   * @param provenance lines to add to the provenance of the pruned models
   * @throws IllegalArgumentException if a width would cut a head of the model in two or leave none
   *     (the message names the widths that work); if the model is pruned already, its parameters
   *     are not those of its configuration or not finite; or if an example has a label that the
   *     model does not know
   */
  public WidthPruning(
      Model fineTuned,
      Tokenizer tokenizer,
      SluCorpus.Split corpus,
      WidthPruningOptions options,
      Kernels kernels,
      Parallel parallel,
      Map<String, String> provenance) {
    this.fineTuned = fineTuned;
    this.options = options;
    this.kernels = kernels;
    this.parallel = parallel;
    this.provenance = Map.copyOf(provenance);
    shapes =
        options.widths().stream()
            .map(width -> SubModelShape.of(fineTuned.config(), width))
            .toList();
    FullModel.require(fineTuned.config(), fineTuned.parameters());
    this.corpus = EncodedCorpus.of(fineTuned, tokenizer, corpus);
  }

  /** The file of the best model of a width in the output folder, for example width-0.75.ernie. */
  public static String modelFile(double width) {
    return "width-" + width + ".ernie";
  }

  /**
   * Measures, orders and trains. The folder receives what every {@link Trainer} writes, with one
   * model per width ({@link #modelFile}): that of the evaluation with the highest accuracy of this
   * width. The metrics are {@code accuracy}, the mean over the widths, which makes an evaluation
   * the best one, and {@code accuracy_w}, {@code intent_accuracy_w} and {@code slot_f1_w} for every
   * width w.
   *
   * @return all evaluations
   * @throws IOException if a file cannot be written
   * @throws ArithmeticException if the training diverges
   */
  public TrainingHistory run(
      TrainingOptions training, Path folder, List<TrainingListener> listeners) throws IOException {
    return trainer(reordered(), training, folder, listeners).run();
  }

  /**
   * Goes on from the checkpoint in the folder; ends with exactly the files of an unbroken run.
   *
   * @return all evaluations
   * @throws IOException if the checkpoint is damaged or belongs to another training
   */
  public TrainingHistory resume(
      TrainingOptions training, Path folder, List<TrainingListener> listeners) throws IOException {
    // The parameters of the checkpoint are in their order already.
    Trainer trainer = trainer(fineTuned.parameters(), training, folder, listeners);
    trainer.resume();
    return trainer.run();
  }

  private ParameterSource reordered() {
    return WidthPruner.reorder(fineTuned.config(), fineTuned.parameters(), importance());
  }

  private Trainer trainer(
      ParameterSource start,
      TrainingOptions training,
      Path folder,
      List<TrainingListener> listeners) {
    return new Trainer(task(start), training, kernels, parallel, folder, listeners);
  }

  WidthDistillationTask task(ParameterSource start) {
    return new WidthDistillationTask(
        fineTuned, start, shapes, corpus, options, kernels, parallel, provenance);
  }

  /** Measures the importance of heads and neurons of the fine-tuned model. */
  public Importance importance() {
    ImportanceOptions how = options.importance();
    EncodedExamples examples = how.onDev() ? corpus.dev() : corpus.train();
    JointErnie model =
        new JointErnie(
            fineTuned.config(),
            TrainableParameters.of(fineTuned.parameters()),
            kernels,
            options.dropout());
    ImportanceMeter meter = new ImportanceMeter(fineTuned.config(), model, how.runningSums());
    Tape tape = new Tape(kernels, parallel);
    tape.setTraining(how.dropout());
    for (int from = 0; from < examples.size(); from += how.batchSize()) {
      int to = Math.min(examples.size(), from + how.batchSize());
      tape.reset(from);
      meter.add(tape, examples.batch(IntStream.range(from, to).toArray()));
    }
    return meter.importance();
  }
}

package ernie4j.cli.compress;

import ernie4j.cli.option.Distinct;
import ernie4j.cli.option.ModelPath;
import ernie4j.cli.option.Range;
import ernie4j.cli.option.TrainingFlags;
import ernie4j.engine.file.Model;
import ernie4j.quant.CalibrationMethod;
import ernie4j.quant.EmbeddingQuantization;
import ernie4j.training.TrainingOptions;
import ernie4j.training.quantization.Pact;
import ernie4j.training.quantization.QatOptions;
import ernie4j.training.task.Distillation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How to compress; names and defaults are the reference's where it has them. */
final class CompressionOptions {
  @Option(
      names = "--strategy",
      defaultValue = "dynabert+qat+embeddings",
      converter = StrategyConverter.class,
      description = "Any of dynabert, qat or ptq, embeddings (default: ${DEFAULT-VALUE}).")
  CompressionStrategy strategy = CompressionStrategy.parse("embeddings");

  @Option(
      names = "--vocabulary-size",
      converter = Range.Words.class,
      description =
          "First keep only this many word embeddings, those of the corpus by frequency (default: all).")
  int vocabularySize = Integer.MAX_VALUE;

  @Option(
      names = "--max-length",
      converter = Range.Length.class,
      description =
          "First keep only so many positions: tokens that the model reads (default: all).")
  int maxLength = Integer.MAX_VALUE;

  @Option(
      names = "--widths",
      converter = Range.PartOrAll.class,
      split = ",",
      defaultValue = "0.75",
      description =
          "Shares of heads and neurons to keep; several are trained at once (default: ${DEFAULT-VALUE}).")
  List<Double> widths = List.of();

  @Option(
      names = "--epochs",
      converter = Range.Count.class,
      defaultValue = "6",
      description = "Of width pruning (default: ${DEFAULT-VALUE}).")
  int pruningEpochs;

  @Option(
      names = "--qat-epochs",
      converter = Range.Count.class,
      defaultValue = "3",
      description = "Of quantization-aware training (default: ${DEFAULT-VALUE}).")
  int qatEpochs;

  @Option(
      names = "--qat-teacher-weight",
      converter = Range.NotNegative.class,
      defaultValue = "0",
      description =
          "Weight of the teacher's answers beside the labels in quantization-aware training; without --teacher, those of the float model before width pruning (default: ${DEFAULT-VALUE}, as the reference).")
  double qatTeacherWeight;

  @Option(
      names = "--teacher",
      paramLabel = "MODEL",
      converter = ModelPath.class,
      description =
          "A model for the same task, for example a larger one, whose answers are learnt in place of those of --model; with the same vocabulary and labels. Several times for several: the mean of their logits is learnt.")
  List<Path> teachers = List.of();

  @Option(
      names = "--unlabelled",
      paramLabel = "FILE",
      description =
          "More examples for width pruning, whose answers only the teacher gives: a .txt file with a text (or, with a tab, a pair) a line, or a file as for training.")
  @Nullable Path unlabelled;

  @Mixin TrainingFlags trainingFlags = new TrainingFlags();

  @Option(
      names = "--learning-rate",
      converter = Range.Positive.class,
      defaultValue = "1e-4",
      description = "Default: ${DEFAULT-VALUE}.")
  double learningRate;

  @Option(
      names = "--pact",
      converter = Range.Positive.class,
      paramLabel = "FACTOR",
      description =
          "Learn where to clip inputs in quantization-aware training, with so many times the learning rate (default: no).")
  double pact;

  @Option(
      names = "--exclude-layers",
      split = ",",
      description = "Linear layers that stay float: names, or their beginnings before a dot.")
  List<String> excludedLayers = List.of();

  @Option(
      names = "--calibration",
      defaultValue = "MEAN_SQUARED_ERROR",
      description =
          "How ptq finds the scales of inputs: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  CalibrationMethod calibration = CalibrationMethod.MEAN_SQUARED_ERROR;

  @Option(
      names = "--calibration-batches",
      converter = Range.Count.class,
      defaultValue = "8",
      description = "Batches that ptq calibrates with (default: ${DEFAULT-VALUE}).")
  int calibrationBatches;

  @Option(
      names = "--calibration-batch-size",
      converter = Range.Count.class,
      defaultValue = "32",
      description = "Default: ${DEFAULT-VALUE}.")
  int calibrationBatchSize;

  @Option(
      names = "--embeddings",
      defaultValue = "LOG",
      description =
          "Form of int8 tables: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}, as the reference).")
  EmbeddingQuantization embeddings = EmbeddingQuantization.LOG;

  @Option(
      names = "--latency-seconds",
      converter = Range.NotNegative.class,
      defaultValue = "1",
      description = "How long every model is timed (default: ${DEFAULT-VALUE}).")
  double latencySeconds;

  /** Checks what no option alone can say. */
  void requireConsistent() {
    Distinct.require("--widths", widths);
  }

  TrainingOptions training(int epochs) {
    return trainingFlags.options(epochs, learningRate);
  }

  QatOptions qat() {
    QatOptions qat = QatOptions.defaults().withExcludedLayers(excludedLayers);
    return pact > 0 ? qat.withPact(Pact.fromCalibration(pact)) : qat;
  }

  /** What quantization-aware training follows besides the labels. */
  Optional<Distillation> qatTeacher(List<Model> followed) {
    return qatTeacherWeight == 0
        ? Optional.empty()
        : Optional.of(new Distillation(followed, qatTeacherWeight, 1));
  }

  static final class StrategyConverter implements ITypeConverter<CompressionStrategy> {
    @Override
    public CompressionStrategy convert(String text) {
      return CompressionStrategy.parse(text);
    }
  }
}

package ernie4j.training.task;

import ernie4j.engine.file.Model;
import ernie4j.engine.head.Task;
import ernie4j.training.TrainingOptions;
import ernie4j.training.optimizer.LearningRateSchedule;

/**
 * The default training options of an extractor: as in the reference, batches of 16, a constant
 * learning rate without warm-up, decay of 0.01 and no clipping, and as many epochs as the number of
 * examples needs.
 *
 * <p>An extractor that is trained further already knows what a prompt is. It gets the reference's
 * learning rate of 1e-5 and about 1,000 steps, at most 100 epochs. A plain encoder has to learn
 * that from the examples, with a new head: ten times that rate and about 3,000 steps, at most 200
 * epochs. Neither goes below three epochs. There are about twenty evaluations: with few examples,
 * evaluations do not take most of the time; with many, a good model between two evaluations is not
 * missed.
 */
public final class ExtractionRecipe {
  private static final int BATCH = 16;
  private static final int FEWEST_EPOCHS = 3;
  private static final int EVALUATIONS = 20;

  private ExtractionRecipe() {}

  /**
   * Chooses the options for a training.
   *
   * @param start the model to start from, an extractor or a plain encoder
   * @param examples the number of examples to learn from
   * @return options that differ by the task of the model and the number of examples
   */
  public static TrainingOptions options(Model start, int examples) {
    boolean extractor = start.task().equals(Task.INFORMATION_EXTRACTION.id());
    int perEpoch = Math.max(1, (examples + BATCH - 1) / BATCH);
    int steps = extractor ? 1000 : 3000;
    int mostEpochs = extractor ? 100 : 200;
    int epochs = Math.max(FEWEST_EPOCHS, Math.min(mostEpochs, (steps + perEpoch - 1) / perEpoch));
    return TrainingOptions.builder()
        .batchSize(BATCH)
        .epochs(epochs)
        .learningRate(extractor ? 1e-5 : 1e-4)
        .schedule(LearningRateSchedule.Shape.CONSTANT)
        .warmupRatio(0)
        .weightDecay(0.01)
        .maxGradientNorm(Double.POSITIVE_INFINITY)
        .evaluateEvery((int) Math.max(1, (long) epochs * perEpoch / EVALUATIONS))
        .build();
  }
}

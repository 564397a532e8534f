package ernie4j.training.quantization;

import ernie4j.quant.AbsMax;
import ernie4j.quant.FakeQuantizer;
import ernie4j.quant.MovingAverageObserver;
import ernie4j.training.autograd.LinearQuantization;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fake quantization of the layers that have the same input: one scale per column of each weight,
 * computed again whenever the weights change, and one scale for the input, which follows the maxima
 * of the training batches and does not change in evaluation.
 */
final class LayerQuantization implements LinearQuantization {
  private static final int COLUMNS = 64;

  private final List<String> layers;
  private final FakeQuantizer quantizer;
  private final double movingRate;
  private MovingAverageObserver observer;
  private @Nullable Variable clip;
  private boolean calibrating;

  LayerQuantization(
      List<String> layers,
      FakeQuantizer quantizer,
      double movingRate,
      MovingAverageObserver.Snapshot start) {
    this.layers = List.copyOf(layers);
    this.quantizer = quantizer;
    this.movingRate = movingRate;
    this.observer = new MovingAverageObserver(movingRate, start);
  }

  /** The layers with the common input. */
  List<String> layers() {
    return layers;
  }

  /**
   * Starts observing without quantizing, or quantizing again. The products must be invalidated
   * afterwards.
   */
  void setCalibrating(boolean active) {
    calibrating = active;
  }

  /** Clips the input to this parameter from now on. */
  void setClip(Variable parameter) {
    clip = parameter;
  }

  MovingAverageObserver.Snapshot snapshot() {
    return observer.snapshot();
  }

  void restore(MovingAverageObserver.Snapshot snapshot) {
    observer = new MovingAverageObserver(movingRate, snapshot);
  }

  /** The magnitude of the input that maps to code 127. */
  float inputScale() {
    return clip == null ? observer.scale() : Math.min(observer.scale(), clip.scalar());
  }

  @Override
  public Variable input(Tape tape, Variable x) {
    if (calibrating) {
      observe(tape, x);
      return x;
    }
    Variable clipped = clip == null ? x : tape.clip(x, clip);
    if (tape.isTraining()) {
      observe(tape, clipped);
    }
    return tape.fakeQuantize(clipped, quantizer, inputScale());
  }

  private void observe(Tape tape, Variable x) {
    float max = tape.absMax(x);
    if (!Float.isFinite(max)) {
      throw new ArithmeticException(
          "Quantization: the input of %s has NaN or infinity; the training diverged, try a smaller learning rate"
              .formatted(layers));
    }
    observer.observe(max);
  }

  @Override
  public void weight(Tape tape, Variable weight, float[] seen) {
    if (calibrating) {
      LinearQuantization.super.weight(tape, weight, seen);
      return;
    }
    float[] scales = new float[weight.columns()];
    tape.parallel()
        .run(
            weight.columns(),
            COLUMNS,
            (part, from, to) -> {
              AbsMax.ofColumns(weight.value(), weight.rows(), scales, from, to);
              requireFinite(scales, from, to);
              quantizer.applyToColumns(weight.value(), weight.rows(), scales, seen, from, to);
            });
  }

  private void requireFinite(float[] scales, int from, int to) {
    for (int column = from; column < to; column++) {
      if (!Float.isFinite(scales[column])) {
        throw new ArithmeticException(
            "Quantization: a weight of %s has NaN or infinity in column %d; the training diverged, try a smaller learning rate"
                .formatted(layers, column));
      }
    }
  }
}

package ernie4j.training.quantization;

import ernie4j.engine.Tensor;
import ernie4j.quant.AbsMax;
import ernie4j.quant.FakeQuantizer;
import ernie4j.quant.MovingAverageObserver;
import ernie4j.quant.MovingAverageObserver.Snapshot;
import ernie4j.training.autograd.LinearQuantization;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.TrainableLinear;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.TrainableModel;
import ernie4j.training.task.Objective;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The fake quantization of a model. It installs quantization in the model's products and manages
 * its observers. Layers that are computed as one product because they have the same input, namely
 * Q, K and V, share one observer and its scale.
 *
 * <p>Numbers and clips have the name of the first quantized layer of a product.
 */
final class FakeQuantizedModel {
  private static final String CLIP = ".input_clip";

  private final TrainableModel model;
  private final Map<String, LayerQuantization> quantizations = new LinkedHashMap<>();
  private final List<Variable> clips = new ArrayList<>();

  /**
   * Quantizes a model.
   *
   * @throws IllegalArgumentException if an exclusion matches no layer, or no layer is left
   */
  FakeQuantizedModel(TrainableModel model, QatOptions options) {
    this.model = model;
    List<String> all = new ArrayList<>();
    model.forEachLinear((names, linear) -> all.addAll(names));
    List<String> selected = new LayerSelection(options.excludedLayers()).of(all);
    model.forEachLinear((names, linear) -> quantize(linear, names, selected, options));
    options.pact().ifPresent(this::addClips);
  }

  private void quantize(
      TrainableLinear linear, List<String> names, List<String> selected, QatOptions options) {
    List<String> quantized = names.stream().filter(selected::contains).toList();
    if (quantized.isEmpty()) {
      return;
    }
    LayerQuantization quantization =
        new LayerQuantization(
            quantized,
            new FakeQuantizer(options.rounding()),
            options.movingRate(),
            options.calibrationBatches() > 0 ? Snapshot.EMPTY : Snapshot.REFERENCE);
    linear.quantize(
        names.stream()
            .<LinearQuantization>map(
                name -> quantized.contains(name) ? quantization : LinearQuantization.NONE)
            .toList());
    quantizations.put(quantized.get(0), quantization);
  }

  private void addClips(Pact pact) {
    quantizations.forEach(
        (name, quantization) -> {
          float start = (float) pact.initialClip().orElse(1);
          model.parameters().add(name + CLIP, Tensor.of(new float[] {start}, 1));
          Variable clip = model.parameters().get(name + CLIP);
          quantization.setClip(clip);
          clips.add(clip);
        });
  }

  /** Whether a parameter is a clip, which only the training needs. */
  static boolean isClip(String parameter) {
    return parameter.endsWith(CLIP);
  }

  /** Shows batches to the observers in evaluation mode, with float weights and inputs. */
  void calibrate(Objective objective, List<int[]> batches, Tape tape) {
    setCalibrating(true);
    for (int[] examples : batches) {
      tape.reset(0);
      objective.forward(tape, model, examples);
    }
    setCalibrating(false);
  }

  private void setCalibrating(boolean active) {
    quantizations.values().forEach(quantization -> quantization.setCalibrating(active));
    model.invalidate();
  }

  /** Starts all clips at the scales of the observers. */
  void startClipsAtScales() {
    quantizations.forEach(
        (name, quantization) ->
            model.parameters().get(name + CLIP).value()[0] =
                Math.max(Pact.LEAST, (float) quantization.snapshot().scale()));
  }

  /** Must be called after every step of the optimizer. */
  void parametersChanged() {
    for (Variable clip : clips) {
      clip.value()[0] = Math.max(Pact.LEAST, clip.value()[0]);
    }
    model.invalidate();
  }

  /** The scale of the input of every quantized layer, for an int8 model. */
  Map<String, Float> inputScales() {
    Map<String, Float> scales = new LinkedHashMap<>();
    for (LayerQuantization quantization : quantizations.values()) {
      float scale = quantization.inputScale();
      for (String layer : quantization.layers()) {
        scales.put(layer, scale == 0 ? AbsMax.ZERO_SCALE : scale);
      }
    }
    return scales;
  }

  /** The state of the observers by name. */
  Map<String, Double> state() {
    Map<String, Double> state = new LinkedHashMap<>();
    quantizations.forEach(
        (name, quantization) -> {
          Snapshot snapshot = quantization.snapshot();
          state.put(name + ".observer_state", snapshot.state());
          state.put(name + ".observer_accumulated", snapshot.accumulated());
          state.put(name + ".observer_scale", snapshot.scale());
        });
    return state;
  }

  /**
   * Restores what {@link #state} returned.
   *
   * @throws IllegalArgumentException if the names are not those of these layers; nothing is changed
   *     then
   */
  void restore(Map<String, Double> state) {
    if (!state.keySet().equals(state().keySet())) {
      throw new IllegalArgumentException(
          "expected the observers of %s, got the numbers %s; the checkpoint belongs to a training that quantizes other layers or none"
              .formatted(quantizations.keySet(), state.keySet()));
    }
    Map<String, Snapshot> snapshots = new LinkedHashMap<>();
    for (String name : quantizations.keySet()) {
      snapshots.put(
          name,
          new MovingAverageObserver.Snapshot(
              number(state, name + ".observer_state"),
              number(state, name + ".observer_accumulated"),
              number(state, name + ".observer_scale")));
    }
    snapshots.forEach(
        (name, snapshot) -> Objects.requireNonNull(quantizations.get(name)).restore(snapshot));
  }

  private static double number(Map<String, Double> state, String name) {
    return Objects.requireNonNull(state.get(name), name);
  }
}

package ernie4j.training.quantization;

import ernie4j.engine.Parallel;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.Task;
import ernie4j.engine.kernels.Kernels;
import ernie4j.quant.ActivationObserver;
import ernie4j.quant.CalibrationMethod;
import ernie4j.training.autograd.LinearQuantization;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.TrainableModel;
import ernie4j.training.model.TrainableParameters;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Static post-training quantization: runs the float model over examples and finds the scale of
 * every linear layer's input, without changing a weight.
 */
public final class PostTrainingCalibration {
  private PostTrainingCalibration() {}

  /**
   * Calibrates a model with all linear layers of its encoder and its head.
   *
   * @param model float32
   * @param batches a few hundred typical examples; each batch is one observation for {@link
   *     CalibrationMethod#AVERAGE_OF_MAXIMA}
   * @param method how to find a scale from the observed inputs
   * @param excludedLayers layers that stay float, as in {@link QatOptions#excludedLayers}
   * @param kernels the arithmetic to compute with
   * @param parallel the threads to compute on; stays open
   * @return the model with its weights unchanged, and the scale of every layer that is not excluded
   * @throws IllegalArgumentException if there is no batch, a parameter has NaN or infinity, or an
   *     excluded layer does not exist
   */
  public static CalibratedModel calibrate(
      Model model,
      Collection<RaggedBatch> batches,
      CalibrationMethod method,
      List<String> excludedLayers,
      Kernels kernels,
      Parallel parallel) {
    if (batches.isEmpty()) {
      throw new IllegalArgumentException(
          "PostTrainingCalibration: expected at least one batch of examples, got none");
    }
    ParameterStore store = CalibratedModel.startOf(model);
    TrainableModel network =
        TrainableModel.of(
            Task.of(model.task()), model.config(), TrainableParameters.of(store), kernels, 0f);
    Map<String, ActivationObserver> observers = observe(network, method, excludedLayers);
    Tape tape = new Tape(kernels, parallel);
    tape.setTraining(false);
    for (RaggedBatch batch : batches) {
      tape.reset(0);
      network.forward(tape, batch);
    }
    Map<ActivationObserver, Float> found = new HashMap<>(); // slow: only once for Q, K and V
    Map<String, Float> scales = new LinkedHashMap<>();
    observers.forEach(
        (name, observer) ->
            scales.put(name, found.computeIfAbsent(observer, ActivationObserver::scale)));
    return new CalibratedModel(model.withParameters(model.config(), store), scales);
  }

  /** Puts observers before the products; returns that of every layer that is not excluded. */
  private static Map<String, ActivationObserver> observe(
      TrainableModel network, CalibrationMethod method, List<String> excludedLayers) {
    List<String> all = new ArrayList<>();
    network.forEachLinear((names, linear) -> all.addAll(names));
    List<String> selected = new LayerSelection(excludedLayers).of(all);
    Map<String, ActivationObserver> observers = new LinkedHashMap<>();
    network.forEachLinear(
        (names, linear) -> {
          List<String> observed = names.stream().filter(selected::contains).toList();
          if (!observed.isEmpty()) {
            ActivationObserver observer = method.newObserver();
            observed.forEach(name -> observers.put(name, observer));
            // All layers of a product read the same input, so the product observes it once.
            LinearQuantization observing = new Observing(observer);
            linear.quantize(names.stream().map(name -> observing).toList());
          }
        });
    return observers;
  }

  /** Shows a product's input to an observer and changes nothing. */
  private record Observing(ActivationObserver observer) implements LinearQuantization {
    @Override
    public Variable input(Tape tape, Variable x) {
      observer.observe(x.value(), 0, x.size());
      return x;
    }
  }
}

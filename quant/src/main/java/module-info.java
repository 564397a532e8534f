/**
 * Observers, quantizers and embedding codebooks: makes int8 models.
 *
 * <pre>{@code
 * Model model = ModelFile.read(Path.of("model.ernie"));
 *
 * Map<String, Float> inputScales = Map.of(); // every token is quantized by its own maximum
 * Model int8 = ModelQuantizer.linear(model, ModelQuantizer.linearLayers(model), inputScales);
 * int8 = ModelQuantizer.embeddings(int8, EmbeddingQuantization.LOG);
 * ModelFile.write(Path.of("model-int8.ernie"), int8);
 *
 * // For scales from calibration: one observer for the input of each layer
 * ActivationObserver observer = CalibrationMethod.KL_DIVERGENCE.newObserver();
 * observer.observe(values, 0, values.length);
 * float scale = observer.scale();
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
module ernie4j.quant {
  requires static org.jspecify;
  requires transitive ernie4j.engine;

  exports ernie4j.quant;
}

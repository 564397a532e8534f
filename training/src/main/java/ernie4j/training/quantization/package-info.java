/**
 * Models that lose little when they become int8: quantization-aware training, in which a model
 * learns with the rounding ({@link ernie4j.training.quantization.QatTask}), and post-training
 * quantization, which only measures its activations ({@link
 * ernie4j.training.quantization.PostTrainingCalibration}). Both end in a {@link
 * ernie4j.training.quantization.CalibratedModel}.
 */
@org.jspecify.annotations.NullMarked
package ernie4j.training.quantization;

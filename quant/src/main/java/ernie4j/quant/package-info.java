/**
 * From floats to 8 bits: observers that find scales, quantizers for weights, activations and
 * embeddings, and the quantize-dequantize step of quantization-aware training.
 *
 * <p>A <em>scale</em> in this package is always the absolute maximum that maps to code 127, as in
 * Paddle's files; one code step is therefore {@code scale / 127}.
 */
package ernie4j.quant;

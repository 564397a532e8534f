/** Writes BERT-shaped encoders as ONNX graphs, so that ONNX Runtime can run the same model. */
@NullMarked
package ernie4j.bench.onnx;

import org.jspecify.annotations.NullMarked;

/**
 * Reads and writes BERT-shaped encoders as ONNX files, float or int8, with no library for the
 * format.
 */
package ernie4j.zoo.onnx;

/**
 * Reads BERT-shaped encoders from ONNX files and WordPiece vocabularies from {@code
 * tokenizer.json}, with no library for either format.
 */
package ernie4j.zoo.onnx;

/**
 * Models on disk: one safetensors file holds the weights, the configuration, the vocabulary and the
 * label names.
 *
 * <p>{@link ernie4j.engine.file.ModelFile} reads and writes whole models; {@link
 * ernie4j.engine.file.SafetensorsFile} and {@link ernie4j.engine.file.SafetensorsWriter} handle any
 * safetensors file, including those of other programs.
 */
package ernie4j.engine.file;

/**
 * Models on disk: one safetensors file holds the weights, the configuration, the vocabulary and the
 * label names.
 *
 * <p>{@link ernie4j.engine.file.ModelFile} reads and writes whole models; {@link
 * ernie4j.engine.file.SafetensorsFile} and {@link ernie4j.engine.file.SafetensorsWriter} handle any
 * safetensors file, including those of other programs.
 *
 * <p>Whatever is wrong with a file of a model, the exception is a {@link
 * ernie4j.engine.file.ModelFileException}, an {@link java.io.IOException} that names the file: not
 * a model, damaged, of a newer version, for another task. A model in memory that is for another
 * task is a {@link ernie4j.engine.head.WrongTaskException}.
 */
package ernie4j.engine.file;

/** The types that everything else speaks in: tensors, parameters by name, ragged batches. */
package ernie4j.engine;

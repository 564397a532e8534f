/** The types that the whole engine uses: tensors, parameters by name, ragged batches. */
package ernie4j.engine;

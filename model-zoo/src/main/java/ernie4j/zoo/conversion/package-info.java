/**
 * What all importers and exporters share: bytes of a file, tensors that are read when asked for,
 * the way from named tensors to an encoder, and the small files beside weights.
 */
package ernie4j.zoo.conversion;

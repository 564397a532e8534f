/**
 * What all importers share: bytes of a file, tensors that are read when asked for, and the way from
 * named tensors to an encoder.
 */
package ernie4j.zoo.foreign;

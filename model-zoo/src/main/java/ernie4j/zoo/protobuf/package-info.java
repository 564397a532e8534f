/** Protobuf's wire format, read and written without a library. */
package ernie4j.zoo.protobuf;

@org.jspecify.annotations.NullMarked
package ernie4j.machinecode.aarch64;

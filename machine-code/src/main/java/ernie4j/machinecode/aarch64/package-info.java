/** An assembler for the AArch64 instructions that the kernels are made of. */
@org.jspecify.annotations.NullMarked
package ernie4j.machinecode.aarch64;

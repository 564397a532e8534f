/** An assembler for the x86-64 instructions that the kernels are made of. */
@org.jspecify.annotations.NullMarked
package ernie4j.machinecode.x86;

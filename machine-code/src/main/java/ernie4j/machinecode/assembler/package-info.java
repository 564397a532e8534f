/** The common base of the assemblers: instruction bytes, and jumps to labels. */
@org.jspecify.annotations.NullMarked
package ernie4j.machinecode.assembler;

/** What the assemblers have in common: bytes of instructions, and jumps among them. */
@org.jspecify.annotations.NullMarked
package ernie4j.machinecode.assembler;

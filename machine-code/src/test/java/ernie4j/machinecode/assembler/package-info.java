@org.jspecify.annotations.NullMarked
package ernie4j.machinecode.assembler;

package ernie4j.machinecode.aarch64;

/**
 * A 64-bit general register, or the stack pointer. Only addresses, and additions and subtractions
 * of a number, can use the stack pointer; elsewhere its number means zero.
 */
public enum Gpr {
  X0,
  X1,
  X2,
  X3,
  X4,
  X5,
  X6,
  X7,
  X8,
  X9,
  X10,
  X11,
  X12,
  X13,
  X14,
  X15,
  X16,
  X17,
  X18,
  X19,
  X20,
  X21,
  X22,
  X23,
  X24,
  X25,
  X26,
  X27,
  X28,
  X29,
  X30,
  SP;

  /** The number, in operands that may be the stack pointer. */
  @SuppressWarnings("EnumOrdinal") // the constants have this order
  int numberOrStack() {
    return ordinal();
  }

  /** The number, in operands that cannot be the stack pointer. */
  int number() {
    if (this == SP) {
      throw new IllegalArgumentException("the stack pointer cannot be an operand here");
    }
    return numberOrStack();
  }
}

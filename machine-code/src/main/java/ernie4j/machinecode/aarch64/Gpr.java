package ernie4j.machinecode.aarch64;

/**
 * A general register of 64 bit, or the stack pointer. Only addresses, and additions and
 * subtractions of a number, know the stack pointer; its number means zero elsewhere.
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

  /** The number where it may be the stack pointer. */
  @SuppressWarnings("EnumOrdinal") // the constants stand in this order
  int numberOrStack() {
    return ordinal();
  }

  /** The number where the stack pointer has none. */
  int number() {
    if (this == SP) {
      throw new IllegalArgumentException("this instruction cannot have the stack pointer there");
    }
    return numberOrStack();
  }
}

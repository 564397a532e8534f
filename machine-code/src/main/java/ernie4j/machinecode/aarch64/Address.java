package ernie4j.machinecode.aarch64;

/** A memory operand: {@code base + offset}. */
public record Address(Gpr base, int offset) {
  /** {@code [base]}. */
  public static Address at(Gpr base) {
    return new Address(base, 0);
  }

  /** {@code [base, #offset]}. */
  public static Address at(Gpr base, int offset) {
    return new Address(base, offset);
  }
}

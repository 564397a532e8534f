package ernie4j.machinecode.x86;

import org.jspecify.annotations.Nullable;

/**
 * A memory operand: {@code base + index * scale + displacement}.
 *
 * @param index null for none; never RSP, which instructions cannot encode there
 * @param scale 1, 2, 4 or 8
 */
public record Address(Gpr base, @Nullable Gpr index, int scale, int displacement) {
  public Address {
    if (index == Gpr.RSP) {
      throw new IllegalArgumentException("RSP cannot be an index");
    }
    if (scale != 1 && scale != 2 && scale != 4 && scale != 8) {
      throw new IllegalArgumentException("a scale is 1, 2, 4 or 8, not " + scale);
    }
  }

  /** {@code [base]}. */
  public static Address at(Gpr base) {
    return new Address(base, null, 1, 0);
  }

  /** {@code [base + displacement]}. */
  public static Address at(Gpr base, int displacement) {
    return new Address(base, null, 1, displacement);
  }

  /** {@code [base + index * scale]}. */
  public static Address at(Gpr base, Gpr index, int scale) {
    return new Address(base, index, scale, 0);
  }

  /** The address {@code bytes} after this one. */
  public Address plus(int bytes) {
    return new Address(base, index, scale, Math.addExact(displacement, bytes));
  }
}

package ernie4j.machinecode.x86;

/** An AVX-512 mask register but k0, which as a mask means none. */
public enum Mask {
  K1,
  K2,
  K3;

  @SuppressWarnings("EnumOrdinal") // the constants stand in this order
  int number() {
    return ordinal() + 1;
  }
}

package ernie4j.machinecode.x86;

/** An AVX-512 mask register. K0 is missing, because as a mask it means none. */
public enum Mask {
  K1,
  K2,
  K3;

  @SuppressWarnings("EnumOrdinal") // the constants have this order
  int number() {
    return ordinal() + 1;
  }
}

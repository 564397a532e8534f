package ernie4j.machinecode.assembler;

import java.util.Arrays;

/** A growing sequence of instruction bytes, with jumps to labels. */
public abstract class InstructionBuffer {
  private byte[] bytes = new byte[1024];
  private int size;
  private int openJumps;

  /** Creates an empty buffer. */
  protected InstructionBuffer() {}

  /** The number of bytes. */
  public final int size() {
    return size;
  }

  /**
   * The code so far.
   *
   * @throws IllegalStateException if a jump goes to a label that is not bound
   */
  public final byte[] code() {
    if (openJumps != 0) {
      throw new IllegalStateException(openJumps + " jumps go to labels that are not bound");
    }
    return Arrays.copyOf(bytes, size);
  }

  /** Binds a label to the current end. */
  public final void bind(Label label) {
    label.bind(size);
    for (int end : label.jumps()) {
      connect(end, size);
      openJumps--;
    }
    label.jumps().clear();
  }

  /** Appends the lowest eight bits of each value. */
  protected final void bytes(int... values) {
    if (size + values.length > bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length + values.length);
    }
    for (int value : values) {
      bytes[size++] = (byte) value;
    }
  }

  /** Appends 32 bits, the lowest byte first. */
  protected final void int32(int value) {
    bytes(value, value >> 8, value >> 16, value >> 24);
  }

  /** The 32 bits at a place. */
  protected final int int32At(int place) {
    int value = 0;
    for (int i = 3; i >= 0; i--) {
      value = (value << 8) | (bytes[place + i] & 0xFF);
    }
    return value;
  }

  /** Replaces the 32 bits at a place. */
  protected final void replace(int place, int value) {
    for (int i = 0; i < 4; i++) {
      bytes[place + i] = (byte) (value >> (8 * i));
    }
  }

  /** Makes the jump that was just appended go to a label. */
  protected final void goesTo(Label label) {
    if (label.position() >= 0) {
      connect(size, label.position());
    } else {
      label.jumps().add(size);
      openJumps++;
    }
  }

  /**
   * Writes the distance into a jump.
   *
   * @param end the end of the jump
   * @param target the place it goes to
   */
  protected abstract void connect(int end, int target);
}

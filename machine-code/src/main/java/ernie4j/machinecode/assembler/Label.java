package ernie4j.machinecode.assembler;

import java.util.ArrayList;
import java.util.List;

/** A place in the code that jumps go to; bound once, before or after the jumps. */
public final class Label {
  private int position = -1;
  private final List<Integer> jumps = new ArrayList<>();

  /** The place the label is bound to, or -1. */
  int position() {
    return position;
  }

  /** The ends of the jumps that wait for the label to be bound. */
  List<Integer> jumps() {
    return jumps;
  }

  void bind(int at) {
    if (position >= 0) {
      throw new IllegalStateException("the label is bound already, to " + position);
    }
    position = at;
  }
}

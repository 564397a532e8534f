package ernie4j.machinecode;

import java.lang.foreign.MemorySegment;

/** A matrix B in panels whose sums take several products a step, see {@link ConvertedProduct}. */
interface Panels {
  int rows();

  int columns();

  /** Steps of a sum. */
  int groups();

  /** Panels that are as wide as they can be. */
  int fullPanels();

  long panelBytes();

  /** The memory from a panel on. */
  MemorySegment from(int panel);
}

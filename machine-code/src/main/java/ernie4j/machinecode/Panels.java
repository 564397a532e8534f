package ernie4j.machinecode;

import java.lang.foreign.MemorySegment;

/** A matrix B in panels whose sums take several products per step, see {@link ConvertedProduct}. */
interface Panels {
  int rows();

  int columns();

  /** The number of steps of a sum. */
  int groups();

  /** The number of panels with full width. */
  int fullPanels();

  long panelBytes();

  /** The memory that starts at a panel. */
  MemorySegment from(int panel);
}

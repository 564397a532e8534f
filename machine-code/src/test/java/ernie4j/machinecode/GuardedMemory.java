package ernie4j.machinecode;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.List;

/** Memory between two inaccessible pages, at the start or at the end of its own pages. */
final class GuardedMemory implements SegmentAllocator {
  /** Some systems on AArch64 have pages of 64 KB. */
  private static final long PAGE = Processor.isArm() ? 65536 : 4096;

  private final SystemCalls system = new SystemCalls();
  private final List<MemorySegment> mapped = new ArrayList<>();
  private final boolean atEnd;

  /**
   * @param atEnd whether the last byte lies right before the second guard page; otherwise the first
   *     byte lies right after the first guard page
   */
  GuardedMemory(boolean atEnd) {
    this.atEnd = atEnd;
  }

  /** Zeroed memory; at the end it is only as aligned as its size. */
  @Override
  public MemorySegment allocate(long bytes, long alignment) {
    long pages = Math.max(1, (bytes + PAGE - 1) / PAGE) * PAGE;
    MemorySegment all = system.map(pages + 2 * PAGE, SystemCalls.READ | SystemCalls.WRITE);
    mapped.add(all);
    if (!system.protect(all.asSlice(0, PAGE), 0)
        || !system.protect(all.asSlice(PAGE + pages, PAGE), 0)) {
      throw new IllegalStateException("a page cannot be protected");
    }
    return all.asSlice(atEnd ? PAGE + pages - bytes : PAGE, bytes);
  }

  /** A copy of floats. */
  MemorySegment copy(float[] values) {
    MemorySegment copy = allocate((long) values.length * Float.BYTES, Float.BYTES);
    MemorySegment.copy(MemorySegment.ofArray(values), 0, copy, 0, copy.byteSize());
    return copy;
  }

  void release() {
    mapped.forEach(system::unmap);
    mapped.clear();
  }
}

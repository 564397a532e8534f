package ernie4j.machinecode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * Native memory for each calling thread, aligned to a cache line. Threads hold it weakly, because
 * they may outlive applications.
 */
final class ThreadMemory {
  static final int LINE = 64;

  @SuppressWarnings("ThreadLocalUsage") // one per user, which lives as long as its kernels
  private final ThreadLocal<@Nullable WeakReference<MemorySegment>> memory = new ThreadLocal<>();

  private final SegmentAllocator allocator;

  ThreadMemory() {
    this((bytes, alignment) -> Arena.ofAuto().allocate(bytes, alignment));
  }

  ThreadMemory(SegmentAllocator allocator) {
    this.allocator = allocator;
  }

  /** At least this number of bytes for the calling thread; earlier contents are kept. */
  MemorySegment get(long bytes) {
    WeakReference<MemorySegment> reference = memory.get();
    MemorySegment mine = reference == null ? null : reference.get();
    if (mine == null || mine.byteSize() < bytes) {
      mine = allocator.allocate(bytes, LINE);
      memory.set(new WeakReference<>(mine));
    }
    return mine;
  }
}

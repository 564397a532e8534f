package ernie4j.machinecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.machinecode.x86.Assembler;
import ernie4j.machinecode.x86.Gpr;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(
    value = OS.LINUX,
    architectures = {"amd64", "aarch64"},
    disabledReason = "code for Linux on x86-64 and AArch64")
class ExecutableMemoryTest {
  private static ExecutableMemory memory(SystemCalls system) {
    return new ExecutableMemory(system, InstructionCache.of(Machine.SYSTEM));
  }

  @Test
  void codeRunsAndIsNotWritable() throws Exception {
    MemorySegment function = memory(new SystemCalls()).install(() -> returning(42));

    assertThat(call(function)).isEqualTo(42);
    assertThat(permissions(function)).isEqualTo("r-xp");
  }

  @Test
  void mapsAFileTwiceIfProtectionCannotChange() throws Exception {
    SystemCalls noChange =
        new SystemCalls() {
          @Override
          boolean protect(MemorySegment memory, int protection) {
            return false;
          }
        };
    MemorySegment function = memory(noChange).install(() -> returning(43));

    assertThat(call(function)).isEqualTo(43);
    assertThat(permissions(function)).isEqualTo("r-xs");
    assertThat(maps()).noneMatch(line -> line.contains("memfd:ernie4j") && line.contains(" rw"));
  }

  @Test
  void refusesIfNoMemoryMayBeExecutable() {
    SystemCalls refusing =
        new SystemCalls() {
          @Override
          boolean protect(MemorySegment memory, int protection) {
            return false;
          }

          @Override
          int memoryFile(long bytes) {
            return -1;
          }
        };
    assertThatThrownBy(() -> memory(refusing).install(() -> returning(1)))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("SELinux execmem")
        .hasMessageEndingWith(".");
  }

  @Test
  void refusesIfMappingFails() {
    SystemCalls refusing =
        new SystemCalls() {
          @Override
          MemorySegment map(long bytes, int protection) {
            return MemorySegment.NULL;
          }

          @Override
          MemorySegment mapFile(long bytes, int protection, int file) {
            return MemorySegment.NULL;
          }
        };
    assertThatThrownBy(() -> memory(refusing).install(() -> returning(1)))
        .isInstanceOf(RefusalException.class);
  }

  /** Otherwise a process at its limit would ask in vain for each call. */
  @Test
  void doesNotAskAgainAfterARefusal() {
    AtomicInteger asked = new AtomicInteger();
    SystemCalls refusing =
        new SystemCalls() {
          @Override
          MemorySegment map(long bytes, int protection) {
            asked.incrementAndGet();
            return MemorySegment.NULL;
          }

          @Override
          int memoryFile(long bytes) {
            return -1;
          }
        };
    ExecutableMemory memory = memory(refusing);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> memory.install(() -> returning(1)))
          .isInstanceOf(RefusalException.class);
    }
    assertThat(asked).hasValue(1);
  }

  /** These calls fail in the real operating system. */
  @Test
  void recognizesFailedSystemCalls() {
    SystemCalls system = new SystemCalls();
    assertThat(system.map(0, SystemCalls.READ).byteSize()).isZero();
    assertThat(system.memoryFile(-1)).isNegative();
    assertThat(system.protect(MemorySegment.ofAddress(4096), SystemCalls.READ)).isTrue();
    MemorySegment unmapped = system.map(4096, SystemCalls.READ);
    system.unmap(unmapped);
    assertThat(system.protect(unmapped, SystemCalls.READ | SystemCalls.EXECUTE)).isFalse();
  }

  @Test
  void releasesPagesOfUnreachableFunctions() throws Exception {
    String address = installedAndForgotten();
    for (int i = 0; i < 100; i++) {
      System.gc();
      Thread.sleep(20);
      if (maps().stream().noneMatch(line -> line.startsWith(address))) {
        return;
      }
    }
    throw new AssertionError("the pages at " + address + " are still mapped");
  }

  private static String installedAndForgotten() {
    MemorySegment function = memory(new SystemCalls()).install(() -> returning(1));
    return Long.toHexString(function.address());
  }

  private static byte[] returning(long value) {
    if (Processor.isArm()) {
      var code = new ernie4j.machinecode.aarch64.Assembler();
      code.mov(ernie4j.machinecode.aarch64.Gpr.X0, value);
      code.ret();
      return code.code();
    }
    Assembler code = new Assembler();
    code.mov(Gpr.RAX, value);
    code.ret();
    return code.code();
  }

  private static long call(MemorySegment function) {
    MemorySegment none = MemorySegment.NULL;
    return NativeCall.call(function, none, none, none, none, 0, 0, 0, 0, 0, 0);
  }

  /** The permissions of the pages of a function, as the kernel reports them. */
  private static String permissions(MemorySegment function) throws IOException {
    String begin = Long.toHexString(function.address()) + "-";
    String line = maps().stream().filter(map -> map.startsWith(begin)).findFirst().orElseThrow();
    return line.substring(line.indexOf(' ') + 1, line.indexOf(' ') + 5);
  }

  private static List<String> maps() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/maps"));
  }
}

package ernie4j.machinecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.machinecode.assembler.Disassembler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ArmInstructionCacheTest {
  /** No emulator detects a wrong order: all lines must be written back before any is dropped. */
  @Test
  void writesAllLinesBackBeforeInvalidatingThem() {
    assertThat(Disassembler.AARCH64.instructions(ArmInstructionCache.code()))
        .containsExactly(
            "add x1, x0, x6",
            "mrs x2, ctr_el0",
            "ubfx x5, x2, #16, #4",
            "mov x4, #0x4",
            "lsl x4, x4, x5",
            "sub x5, x4, #0x1",
            "bic x3, x0, x5",
            "dc cvau, x3",
            "add x3, x3, x4",
            "cmp x3, x1",
            "b.cc 0x1c",
            "dsb ish",
            "ubfx x5, x2, #0, #4",
            "mov x4, #0x4",
            "lsl x4, x4, x5",
            "sub x5, x4, #0x1",
            "bic x3, x0, x5",
            "ic ivau, x3",
            "add x3, x3, x4",
            "cmp x3, x1",
            "b.cc 0x44",
            "dsb ish",
            "isb",
            "ret");
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "aarch64", disabledReason = "runs AArch64 code")
  void refusesWithoutMembarrier() {
    SystemCalls never =
        new SystemCalls() {
          @Override
          boolean registerCoreSynchronization() {
            return false;
          }
        };
    assertThatThrownBy(() -> new ArmInstructionCache(never))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("membarrier");
    SystemCalls notAnyMore =
        new SystemCalls() {
          @Override
          boolean synchronizeCores() {
            return false;
          }
        };
    ArmInstructionCache cache = new ArmInstructionCache(notAnyMore);
    ExecutableMemory memory = new ExecutableMemory(notAnyMore, cache);
    assertThatThrownBy(() -> memory.install(ArmInstructionCache::code))
        .isInstanceOf(RefusalException.class)
        .hasMessageEndingWith("the system call.");
  }
}

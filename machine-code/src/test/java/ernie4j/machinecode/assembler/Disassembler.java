package ernie4j.machinecode.assembler;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Disassembles code with objdump of binutils. */
public final class Disassembler {
  /** In Intel's notation, such as {@code add rax,0x8}. */
  public static final Disassembler X86 =
      new Disassembler(
          List.of("objdump", "x86_64-linux-gnu-objdump"), "i386:x86-64", List.of("-M", "intel"));

  /** Such as {@code add x0, x1, #0x8}. */
  public static final Disassembler AARCH64 =
      new Disassembler(List.of("aarch64-linux-gnu-objdump", "objdump"), "aarch64", List.of());

  private final List<String> programs;
  private final String machine;
  private final List<String> options;

  private Disassembler(List<String> programs, String machine, List<String> options) {
    this.programs = programs;
    this.machine = machine;
    this.options = options;
  }

  /** The instructions; the test is skipped if no objdump for them is installed. */
  public List<String> instructions(byte[] code) {
    String program = programs.stream().filter(this::reads).findFirst().orElse("");
    assumeTrue(
        !program.isEmpty(),
        "no objdump for " + machine + " is installed: the code is not disassembled");
    try {
      Path file = Files.createTempFile("code", ".bin");
      try {
        Files.write(file, code);
        List<String> command = new ArrayList<>();
        command.addAll(List.of(program, "-D", "-b", "binary", "-m", machine));
        command.addAll(options);
        command.add(file.toString());
        return run(command)
            .lines()
            .filter(line -> line.matches(" *[0-9a-f]+:\t.*\t.*"))
            .map(Disassembler::instruction)
            .toList();
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text after the address and the bytes, without remarks. */
  private static String instruction(String line) {
    String text = line.split("\t", 3)[2];
    int remark = text.indexOf("//");
    return (remark < 0 ? text : text.substring(0, remark)).trim().replaceAll("[ \t]+", " ");
  }

  private boolean reads(String program) {
    try {
      return run(List.of(program, "--info"))
          .lines()
          .anyMatch(line -> line.trim().equals(machine()));
    } catch (IOException e) {
      return false;
    }
  }

  /** The machine, as {@code --info} names it. */
  private String machine() {
    return machine.substring(0, (machine + ":").indexOf(':'));
  }

  private static String run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}

package ernie4j.machinecode.x86;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What objdump of binutils makes of code. */
public final class Disassembler {
  private static final String OBJDUMP = "objdump";

  private Disassembler() {}

  /**
   * The instructions in Intel's notation, such as {@code add rax,0x8}; the test is skipped where
   * objdump is not installed.
   */
  public static List<String> instructions(byte[] code) {
    assumeTrue(installed(), "objdump is not installed: the code is not disassembled");
    try {
      Path file = Files.createTempFile("code", ".bin");
      try {
        Files.write(file, code);
        String output =
            run(OBJDUMP, "-D", "-b", "binary", "-m", "i386:x86-64", "-M", "intel", file.toString());
        return output
            .lines()
            .filter(line -> line.matches(" *[0-9a-f]+:\t.*\t.*"))
            .map(line -> line.substring(line.lastIndexOf('\t') + 1).trim().replaceAll(" +", " "))
            .toList();
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean installed() {
    try {
      run(OBJDUMP, "--version");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static String run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}

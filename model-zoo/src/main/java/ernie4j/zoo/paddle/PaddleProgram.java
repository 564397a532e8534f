package ernie4j.zoo.paddle;

import ernie4j.engine.file.FileFailure;
import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.protobuf.WireReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A {@code .pdmodel} file, as far as an importer needs it: the persistable variables and the
 * operations of the main block (ProgramDesc in Paddle's framework.proto).
 *
 * @param file what messages call the file
 * @param persistable the variables that have their values in the {@code .pdiparams} file, in its
 *     order: sorted by name as Python sorts texts
 * @param operations the operations in the order in which they run
 */
record PaddleProgram(
    String file, Map<String, TensorDesc> persistable, List<PaddleOperation> operations) {
  private static final int MAX_BYTES = 1 << 28;

  /**
   * The most variables, operations, names and attributes that a program may have: each may take two
   * bytes in the file but takes about a hundred in memory.
   */
  private static final int MAX_PARTS = 500_000;

  private static final Comparator<String> BY_CODE_POINT =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  /**
   * Reads a file.
   *
   * @throws ModelFileException if it is damaged or not a program
   */
  static PaddleProgram read(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] content = in.readNBytes(MAX_BYTES);
      if (content.length == MAX_BYTES) {
        throw new ModelFileException(
            path.toString(), "a program of %d bytes or more".formatted(MAX_BYTES));
      }
      return read(path.toString(), content);
    } catch (IOException e) {
      throw FileFailure.at(path, e);
    }
  }

  static PaddleProgram read(String file, byte[] content) throws ModelFileException {
    Reader reader = new Reader();
    WireReader in = new WireReader(file, content);
    int blocks = 0;
    while (in.next()) {
      if (in.field() == 1) {
        reader.block(in.message(), blocks++ == 0);
      } else {
        in.skip();
      }
    }
    if (reader.operations.isEmpty()) {
      throw in.failure("not a Paddle program: it has no operations");
    }
    return new PaddleProgram(file, reader.persistable, reader.operations);
  }

  private static final class Reader {
    private final Map<String, TensorDesc> persistable = new TreeMap<>(BY_CODE_POINT);
    private final List<PaddleOperation> operations = new ArrayList<>();
    private int parts;

    void block(WireReader in, boolean main) throws ModelFileException {
      while (in.next()) {
        if (in.field() == 3) {
          variable(in.message());
        } else if (in.field() == 4 && main) {
          operations.add(operation(in.message()));
        } else {
          in.skip();
        }
        count(in);
      }
    }

    private void count(WireReader in) throws ModelFileException {
      if (++parts > MAX_PARTS) {
        throw in.failure("a program of more than %d parts".formatted(MAX_PARTS));
      }
    }

    private void variable(WireReader in) throws ModelFileException {
      String name = "";
      boolean isPersistable = false;
      int kind = -1;
      TensorDesc tensor = new TensorDesc(-1, List.of());
      while (in.next()) {
        switch (in.field()) {
          case 1 -> name = in.string();
          case 2 -> {
            for (WireReader type = in.message(); type.next(); ) {
              switch (type.field()) {
                case 1 -> kind = (int) type.varint();
                case 3 -> tensor = lodTensor(type.message());
                default -> type.skip();
              }
            }
          }
          case 3 -> isPersistable = in.varint() != 0;
          default -> in.skip();
        }
      }
      if (isPersistable && kind == PaddleType.LOD_TENSOR && persistable.put(name, tensor) != null) {
        throw in.failure("the variable '%s' is declared twice".formatted(name));
      }
    }

    private static TensorDesc lodTensor(WireReader in) throws ModelFileException {
      TensorDesc tensor = new TensorDesc(-1, List.of());
      while (in.next()) {
        if (in.field() == 1) {
          tensor = TensorDesc.read(in.message());
        } else {
          in.skip();
        }
      }
      return tensor;
    }

    private PaddleOperation operation(WireReader in) throws ModelFileException {
      String type = "";
      Map<String, List<String>> inputs = new HashMap<>();
      Map<String, List<String>> outputs = new HashMap<>();
      Map<String, PaddleOperation.Attribute> attributes = new HashMap<>();
      while (in.next()) {
        switch (in.field()) {
          case 1 -> arguments(in.message(), inputs);
          case 2 -> arguments(in.message(), outputs);
          case 3 -> type = in.string();
          case 4 -> attribute(in.message(), attributes);
          default -> in.skip();
        }
        count(in);
      }
      return new PaddleOperation(type, inputs, outputs, attributes);
    }

    private void arguments(WireReader in, Map<String, List<String>> into)
        throws ModelFileException {
      String parameter = "";
      List<String> names = new ArrayList<>();
      while (in.next()) {
        switch (in.field()) {
          case 1 -> parameter = in.string();
          case 2 -> names.add(in.string());
          default -> in.skip();
        }
        count(in);
      }
      into.put(parameter, names);
    }

    private void attribute(WireReader in, Map<String, PaddleOperation.Attribute> into)
        throws ModelFileException {
      String name = "";
      long integer = 0;
      float number = 0;
      List<Long> integers = new ArrayList<>();
      while (in.next()) {
        switch (in.field()) {
          case 1 -> name = in.latin1();
          case 3, 10, 13 -> integer = in.varint();
          case 4 -> number = in.float32();
          case 6, 15 -> {
            if (in.wireType() == WireReader.VARINT) {
              integers.add(in.varint());
              count(in);
            } else {
              for (WireReader packed = in.message(); packed.remaining() > 0; count(in)) {
                integers.add(packed.rawVarint());
              }
            }
          }
          default -> in.skip();
        }
      }
      into.put(name, new PaddleOperation.Attribute(integer, number, integers));
    }
  }
}

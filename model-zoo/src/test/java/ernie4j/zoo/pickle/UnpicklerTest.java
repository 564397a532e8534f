package ernie4j.zoo.pickle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.conversion.ElementType;
import ernie4j.zoo.conversion.FileBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnpicklerTest {
  private static final String ARRAY =
      "\u008c\u0015numpy.core.multiarray\u008c\u000c_reconstruct\u0093)R"; // not yet built

  private static Object read(String pickle) throws IOException {
    return read(pickle.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static Object read(byte[] pickle) throws IOException {
    return Unpickler.read(FileBytes.of("test.pkl", pickle), NumpyGlobals.table());
  }

  private static String body(String operations) {
    return "\u0080\u0004" + operations + ".";
  }

  @Test
  void readsPlainValues() throws Exception {
    assertThat(read(body("N"))).isEqualTo(Optional.empty());
    assertThat(read(body("\u0088"))).isEqualTo(true);
    assertThat(read(body("J\u00ff\u00ff\u00ff\u00ff"))).isEqualTo(-1L);
    assertThat(read(body("K\u00ff"))).isEqualTo(255L);
    assertThat(read(body("M\u0001\u0002"))).isEqualTo(513L);
    assertThat(read(body("\u008a\u0000"))).isEqualTo(0L);
    assertThat(read(body("\u008a\u0002\u0000\u00ff"))).isEqualTo(-256L);
    assertThat(read(body("G?\u00f8\0\0\0\0\0\0"))).isEqualTo(1.5);
    assertThat(read(body("X\u0002\0\0\0\u00c3\u00a9"))).isEqualTo("é");
    assertThat(read(body("(K\u0001K\u0002t")))
        .isInstanceOfSatisfying(Tuple.class, t -> assertThat(t.items()).containsExactly(1L, 2L));
    assertThat(read(body("](K\u0001K\u0002e"))).isEqualTo(List.of(1L, 2L));
    assertThat(read(body("}(U\u0001aK\u0001U\u0001bNu")))
        .isEqualTo(Map.of("a", 1L, "b", Optional.empty()));
  }

  @Test
  void givesPersistentIdsToTheCaller() throws Exception {
    byte[] pickle = body("U\u0001kQ").getBytes(StandardCharsets.ISO_8859_1);
    assertThat(Unpickler.read(FileBytes.of("p", pickle), Map.of(), id -> "object " + id.get(0)))
        .isEqualTo("object k");
    assertThatThrownBy(() -> read(pickle)).hasMessageContaining("no persistent ids");
  }

  @Test
  void refusesEveryGlobalThatIsNotInTheTable() {
    assertThatThrownBy(() -> read(body("cos\nsystem\n(U\u0002lstR")))
        .isInstanceOf(ModelFileException.class)
        .hasMessageStartingWith("test.pkl: ")
        .hasMessageContaining("'os.system'")
        .hasMessageContaining("nothing was executed")
        .hasMessageContaining("at byte 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // nothing on the stack
        "0",
        "a",
        "t",
        "(0",
        "]K\u0001u",
        "K\u0001K\u0002b",
        "NN", // two results
        "h\u0001",
        "X\u00ff\u00ff\u00ff\u00ffa", // longer than the file
        "\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ffa",
        "\u008e\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0080a",
        "\u0095\u00ff\u0000\u0000\u0000\u0000\u0000\u0000\u0000N",
        "\u008a\u0009\0\0\0\0\0\0\0\0\0", // a number of nine bytes
        "}(]K\u0001u", // a list as key
        "}(U\u0001aK\u0001U\u0001aK\u0002u", // a key twice
        "cnumpy\ndtype\n(U\u0002c8tR", // complex numbers
        "I1\n", // an operation of protocol 0
        "c_codecs\nencode\n(U\u0001aU\u0005utf-8tR",
      })
  void refusesWhatIsNotAPickleOfParameters(String operations) {
    assertThatThrownBy(() -> read(body(operations)))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("at byte");
  }

  @Test
  void refusesOtherProtocolsAndFiles() {
    assertThatThrownBy(() -> read("\u0080\u0005N.")).hasMessageContaining("protocol=4");
    assertThatThrownBy(() -> read("(dp0\n.")).hasMessageContaining("not a pickle");
    assertThatThrownBy(() -> read("")).isInstanceOf(ModelFileException.class);
    assertThatThrownBy(() -> read(body("N") + "x")).hasMessageContaining("1 bytes follow");
  }

  @Test
  void structuresThatContainThemselvesDoNoHarm() throws Exception {
    // l = []; l.append((l,)); {'a': l}
    Object read = read(body("]\u0094h\0\u0085a0}U\u0001ah\0s"));
    assertThat(((Map<?, ?>) read).get("a")).isInstanceOf(List.class);
    assertThatThrownBy(() -> read(body("]\u0094h\0\u0085a0}h\0K\u0001s")))
        .hasMessageContaining("expected a text or a number as key, got a list");
  }

  @Test
  void limitsTheNumberOfOperationsAndMarks() {
    byte[] bytes = new byte[3_000_000];
    bytes[0] = (byte) 0x80;
    bytes[1] = 4;
    java.util.Arrays.fill(bytes, 2, bytes.length, (byte) ')');
    assertThatThrownBy(() -> read(bytes)).hasMessageContaining("more than 2000000 operations");
    assertThatThrownBy(() -> read(body("(".repeat(1001)))).hasMessageContaining("1000 structures");
  }

  @Test
  void checksTheBytesOfAnArray() throws Exception {
    String dtype =
        "cnumpy\ndtype\nU\u0002f4\u0089\u0088\u0087R(K\u0003U\u0001%sNNNJ"
            + "\u00ff\u00ff\u00ff\u00ffJ\u00ff\u00ff\u00ff\u00ffK\0tb";
    String state = "(K\u0001(%stDTYPE\u0089%stb";
    String good = ARRAY + state.formatted("K\u0001", "C\u0004?\u0080\0\0").replace("DTYPE", dtype);
    assertThat(read(body(good.formatted(">"))))
        .isInstanceOfSatisfying(
            NumpyArray.class,
            array -> {
              assertThat(array.type()).isEqualTo(ElementType.FLOAT32);
              assertThat(array.shape()).containsExactly(1);
            });
    assertThat(((NumpyArray) read(body(good.formatted(">")))).floats()).containsExactly(1f);
    for (String shape :
        new String[] {"K\u0002", "J\u00ff\u00ff\u00ff\u007f", "J\u0000\0\0\u0080"}) {
      String bad = ARRAY + state.formatted(shape, "C\u0004abcd").replace("DTYPE", dtype);
      assertThatThrownBy(() -> read(body(bad.formatted("<"))))
          .isInstanceOf(ModelFileException.class);
    }
    String huge = "J\u00ff\u00ff\u00ff\u007fJ\u00ff\u00ff\u00ff\u007f";
    String bad = ARRAY + state.formatted(huge, "C\u0004abcd").replace("DTYPE", dtype);
    assertThatThrownBy(() -> read(body(bad.formatted("<"))))
        .hasMessageContaining("more elements than an array can hold");
  }

  /** Protocol 2, whose byte strings are texts, and an array that runs down the columns. */
  @Test
  void readsArraysOfProtocol2AndColumnMajorOnes() throws Exception {
    String bytes =
        "c_codecs\nencode\nX\u0007\0\0\0\0\u0001\u00c3\u00bf\u0003\u0004\u0005X\u0006\0\0\0latin1\u0086R";
    String array =
        "cnumpy.core.multiarray\n_reconstruct\n)R(K\u0001K\u0002K\u0003\u0086"
            + "cnumpy\ndtype\nU\u0002i1\u0089\u0088\u0087R%s"
            + bytes
            + "tb";
    NumpyArray rows = (NumpyArray) read("\u0080\u0002" + array.formatted("\u0089") + ".");
    assertThat(rows.codes()).containsExactly(0, 1, -1, 3, 4, 5);
    assertThat(rows.floats()).containsExactly(0, 1, -1, 3, 4, 5);
    NumpyArray columns = (NumpyArray) read("\u0080\u0002" + array.formatted("\u0088") + ".");
    assertThat(columns.codes()).containsExactly(0, -1, 4, 1, 3, 5);
    assertThat(columns.floats()).containsExactly(0, -1, 4, 1, 3, 5);
    assertThat(columns.shape()).containsExactly(2, 3);
  }

  @Test
  void longTextsAndBytesStayInTheFile() throws Exception {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.writeBytes(new byte[] {(byte) 0x80, 2, 'X', (byte) 0x88, 0x13, 0, 0}); // 5000 bytes
    pickle.writeBytes("é".repeat(2500).getBytes(StandardCharsets.UTF_8));
    pickle.write('.');
    PickleBytes text = (PickleBytes) read(pickle.toByteArray());
    int[] sum = new int[2];
    text.forEachPiece(
        2500,
        piece -> {
          while (piece.hasRemaining()) {
            sum[0]++;
            sum[1] += piece.get() & 255;
          }
        });
    assertThat(sum).containsExactly(2500, 2500 * 0xe9);
    assertThatThrownBy(() -> text.forEachPiece(2499, piece -> {}))
        .hasMessageContaining("2499 characters");
  }
}

package ernie4j.engine.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileSafetensorsTest {
  private final Path folder;

  HostileSafetensorsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "dtype":"F32","shape":[1],"data_offsets":[4,8]             | there is a hole
          "dtype":"F32","shape":[2],"data_offsets":[0,4]             | needs 8 bytes, but its data_offsets are [0, 4]
          "dtype":"F32","shape":[1],"data_offsets":[4,0]             | data_offsets are [4, 0]
          "dtype":"F32","shape":[1],"data_offsets":[0]               | data_offsets must be two numbers
          "dtype":"F32","shape":[1],"data_offsets":[0,4,4]           | data_offsets must be two numbers
          "dtype":"F32","shape":[1],"data_offsets":[-4,0]            | whole numbers from 0
          "dtype":"F32","shape":[-1],"data_offsets":[0,4]            | whole numbers from 0
          "dtype":"F32","shape":[1.0],"data_offsets":[0,4]           | got 1.0
          "dtype":"F32","shape":["1"],"data_offsets":[0,4]           | whole numbers from 0
          "dtype":"F32","shape":[null],"data_offsets":[0,4]          | whole numbers from 0
          "dtype":"F32","shape":1,"data_offsets":[0,4]               | shape must be an array
          "dtype":"F32","shape":[[1]],"data_offsets":[0,4]           | whole numbers from 0
          "dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4] | whole numbers from 0
          "dtype":"F32","shape":[1],"data_offsets":[0,99999999999999999999] | whole numbers from 0
          "dtype":"F32","shape":[9223372036854775807,3],"data_offsets":[0,4] | more than 2^63 bytes
          "dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0] | more than 2^63 bytes
          "dtype":"F32","shape":[1000000],"data_offsets":[0,4000000] | the tensors need 4000000 bytes of data, but the file has 4: it is cut off
          "dtype":"U8","shape":[1],"data_offsets":[0,1]              | the file has 4: it has trailing bytes
          "dtype":"F31","shape":[1],"data_offsets":[0,4]             | unknown dtype 'F31'
          "dtype":"f32","shape":[1],"data_offsets":[0,4]             | unknown dtype 'f32'
          "dtype":32,"shape":[1],"data_offsets":[0,4]                | dtype must be a string
          "dtype":"F32","shape":[1]                                  | are all required
          "dtype":"F32","data_offsets":[0,4]                         | are all required
          "shape":[1],"data_offsets":[0,4]                           | are all required
          "dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1       | unknown field 'x'
          "dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4] | Duplicate field 'shape'
          """)
  void wrongTensorDescriptionIsRefusedWithItsReason(String description, String reason)
      throws IOException {
    refused("{\"t\":{" + description + "}}", 4, reason);
    refused("{\"t\":{" + description + "}}", 4, "raw.safetensors: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          []                              | must begin with '{', found byte 0x5b
          {,                              | not valid JSON
          {"a"                            | not valid JSON
          {"a":                           | not valid JSON
          {"a":{                          | not valid JSON
          {}{}                            | unexpected text after the end
          {} x                            | not valid JSON
          {"t":1}                         | expected an object with dtype
          {"t":null}                      | expected an object with dtype
          {"t":[]}                        | expected an object with dtype
          {"__metadata__":1}              | expected an object, got VALUE_NUMBER_INT
          {"__metadata__":{"a":1}}        | expected a string, got VALUE_NUMBER_INT
          {"__metadata__":{"a":null}}     | expected a string, got VALUE_NULL
          {"__metadata__":{"a":{}}}       | expected a string, got START_OBJECT
          {"__metadata__":{"a":"1","a":"2"}} | Duplicate field 'a'
          {"__metadata__":{},"__metadata__":{}} | Duplicate field '__metadata__'
          {'a':1}                         | not valid JSON
          {"a":NaN}                       | not valid JSON
          {"a":"text"}                    | expected an object with dtype
          """)
  void wrongJsonIsRefusedWithItsReason(String header, String reason) throws IOException {
    refused(header, 0, reason);
  }

  @Test
  void duplicateNamesAreRefused() throws IOException {
    String tensor = "\"t\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}";
    refused("{" + tensor + "," + tensor + "}", 0, "Duplicate field 't'");
  }

  @Test
  void overlappingTensorsAreRefused() throws IOException {
    refused(
        """
        {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},
         "b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""",
        12,
        "tensor 'b' F32 [2] begins at byte 4 of the data, but 8 bytes are taken by the tensors before it: tensors overlap");
    refused(
        """
        {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},
         "b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""",
        8,
        "tensors overlap");
  }

  @Test
  void deepNestingIsRefusedWithoutRecursion() throws IOException {
    String opened = "{\"a\":".repeat(100_000);
    refused(opened, 0, "tensor 'a': unknown field 'a'");
    refused("{\"t\":{\"shape\":" + "[".repeat(1_000_000), 0, "tensor 't'");
    refused("{\"__metadata__\":" + "[".repeat(1_000_000), 0, "expected an object");
  }

  @Test
  void shapeOfAMillionDimensionsIsRefused() throws IOException {
    refused(
        "{\"t\":{\"dtype\":\"U8\",\"shape\":["
            + "1,".repeat(1_000_000)
            + "1],\"data_offsets\":[0,1]}}",
        1,
        "shape has more than 64 numbers");
  }

  @Test
  void numberOfAMillionDigitsIsRefused() throws IOException {
    refused(
        "{\"t\":{\"dtype\":\"U8\",\"shape\":[" + "1".repeat(1_000_000) + "]}}",
        1,
        "not valid JSON");
  }

  @Test
  void invalidUtf8IsRefused() throws IOException {
    byte[] header = "{\"?\":1}".getBytes(StandardCharsets.US_ASCII);
    header[2] = (byte) 0xff;
    refused(RawFile.withLength(header.length, header, new byte[0]), "not valid UTF-8");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 100_000_001, 1L << 32, 1L << 31})
  void absurdHeaderLengthIsRefused(long length) throws IOException {
    refused(RawFile.withLength(length, new byte[] {'{', '}'}, new byte[0]), "limit 100000000");
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 99_999_999})
  void headerLongerThanTheFileIsRefused(long length) throws IOException {
    refused(
        RawFile.withLength(length, new byte[] {'{', '}'}, new byte[0]),
        "the file ends 2 bytes after the header length: it is cut off");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1})
  void headerTooShortForJsonIsRefused(long length) throws IOException {
    refused(RawFile.withLength(length, new byte[] {'{', '}'}, new byte[0]), "shortest possible");
  }

  @Test
  void everyTruncationOfAFileIsRefused() throws IOException {
    byte[] whole =
        RawFile.bytes(
            "{\"t\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}", new byte[12]);
    assertThat(SafetensorsFile.open(RawFile.write(folder, whole)).floats("t")).hasSize(3);
    for (int length = 0; length < whole.length; length++) {
      refused(Arrays.copyOf(whole, length), "the file");
    }
    refused(Arrays.copyOf(whole, whole.length + 1), "trailing bytes");
  }

  @Test
  void otherKindsOfFilesAreRecognized() throws IOException {
    refused(new byte[0], "the file is empty");
    refused("hello".getBytes(StandardCharsets.UTF_8), "the file has only 5 bytes");
    refused("model weights\n".getBytes(StandardCharsets.UTF_8), "but text");
    refused("PK\3\4\0\0\0\0\0\0\0\0".getBytes(StandardCharsets.UTF_8), "but a zip archive");
    refused(new byte[] {(byte) 0x80, 4, (byte) 0x95, 1, 0, 0, 0, 0, 0, 0}, "a Python pickle");
    refused(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1}, "gzip-compressed");
  }

  @Test
  void folderIsRefused() {
    assertThatThrownBy(() -> SafetensorsFile.open(folder))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("this is a folder");
  }

  private void refused(String header, int dataBytes, String reason) throws IOException {
    refused(RawFile.bytes(header, new byte[dataBytes]), reason);
  }

  private void refused(byte[] file, String reason) throws IOException {
    Path path = RawFile.write(folder, file);
    assertThatThrownBy(() -> SafetensorsFile.open(path))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(reason)
        .hasMessageStartingWith(path.toString());
  }
}

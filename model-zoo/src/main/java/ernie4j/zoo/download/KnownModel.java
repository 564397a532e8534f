package ernie4j.zoo.download;

import ernie4j.engine.head.HeadOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A published model and where its files are.
 *
 * @param name its name
 * @param aliases other names of it
 * @param kind what its files are
 * @param architecture its shape by name, see {@link ernie4j.zoo.Architectures}; empty if its own
 *     files tell
 * @param parameters the number of its parameters, pooler included
 * @param licence the licence under which its weights are published
 * @param lowerCase whether its tokenizer lower-cases texts; empty if only its own files tell
 * @param origin where these addresses were found
 * @param options options of the model that its files do not state, see {@link
 *     ernie4j.engine.head.HeadOptions}
 * @param files its files
 */
public record KnownModel(
    String name,
    List<String> aliases,
    Kind kind,
    Optional<String> architecture,
    long parameters,
    String licence,
    Optional<Boolean> lowerCase,
    String origin,
    Map<String, String> options,
    List<SourceFile> files) {

  /** Keeps unmodifiable copies. */
  public KnownModel {
    options = Map.copyOf(options);
    aliases = List.copyOf(aliases);
    files = List.copyOf(files);
  }

  /** What the files of a model are. */
  public enum Kind {
    /** Weights and vocabulary of PaddleNLP; the configuration is known by name. */
    PADDLENLP,
    /** A folder with its own configuration, as of Hugging Face. */
    HUGGINGFACE,
    /** One archive. */
    ARCHIVE
  }

  /**
   * A file of a model.
   *
   * @param as its name on this machine
   * @param url its official address
   * @param sha256 the SHA-256 of its content, in hexadecimal; empty if none has been verified yet
   * @param md5 the MD5 sum that its publisher states; empty if none is known. It reveals a damaged
   *     file, but not a forged one
   */
  public record SourceFile(String as, URI url, Optional<String> sha256, Optional<String> md5) {
    /**
     * {@return what a download is compared with, {@code sha256:...} or {@code md5:...}; empty if no
     * hash is known}
     */
    public Optional<String> pin() {
      return sha256.map(hash -> "sha256:" + hash).or(() -> md5.map(sum -> "md5:" + sum));
    }
  }

  /** {@return the bytes of its weights in float32; its model file has only a few kilobytes more} */
  public long weightBytes() {
    return parameters * Float.BYTES;
  }

  /**
   * {@return how it makes a vector of a text, for example {@code cls}; empty if it was not trained
   * for that}
   */
  public Optional<String> pooling() {
    return Optional.ofNullable(options.get(HeadOptions.POOLING));
  }

  /** {@return all names, the proper one first; a new list} */
  public List<String> names() {
    List<String> names = new ArrayList<>(List.of(name));
    names.addAll(aliases);
    return names;
  }
}

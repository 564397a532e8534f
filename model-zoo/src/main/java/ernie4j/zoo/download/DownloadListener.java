package ernie4j.zoo.download;

/** Hears how a download goes on, in the thread that called for it. */
public interface DownloadListener {
  /** Says nothing to anybody. */
  DownloadListener NONE =
      new DownloadListener() {
        @Override
        public void received(String file, long bytes, long total) {}

        @Override
        public void note(String message) {}
      };

  /**
   * Called now and then while a file arrives.
   *
   * @param bytes how many of its bytes are here, those of earlier attempts included
   * @param total how many it has, or -1 if the server does not say
   */
  void received(String file, long bytes, long total);

  /** Something that a user should know, for example that an attempt failed and another follows. */
  void note(String message);
}

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pre-trains a residual denoiser (prior.denoiser) on Gaussian noise of random level with PyTorch.

Same architecture, names and file format as Stillpoint's own trainer (`stillpoint-cli train`), which goes on
from the file this writes. Runs on a CPU or a GPU. Learning rate: warm-up, constant, and a linear decay to 0
over the last --decay steps (a file OUT.decay that holds a number of steps starts the decay earlier).
"""
import argparse, json, os, pathlib, struct, time
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from PIL import Image


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv1 = nn.Conv2d(width, width, 3, padding=1)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, h):
        return h + self.conv2(F.relu(self.conv1(h), inplace=True))


class Denoiser(nn.Module):
    """x + shuffle(tail(blocks(head(unshuffle(x), 5 sigma))))"""

    def __init__(self, channels=3, width=48, blocks=5):
        super().__init__()
        self.head = nn.Conv2d(4 * channels + 1, width, 3, padding=1)
        self.blocks = nn.ModuleList([Block(width) for _ in range(blocks)])
        self.tail = nn.Conv2d(width, 4 * channels, 3, padding=1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
                nn.init.zeros_(module.bias)
        with torch.no_grad():
            for block in self.blocks:
                block.conv2.weight *= 0.1
            self.tail.weight *= 0.1

    def forward(self, x, sigma):
        u = F.pixel_unshuffle(x, 2)
        level = (5 * sigma).view(-1, 1, 1, 1).expand(-1, 1, u.shape[2], u.shape[3])
        h = self.head(torch.cat([u, level], 1).contiguous(memory_format=torch.channels_last))
        for block in self.blocks:
            h = block(h)
        return x + F.pixel_shuffle(self.tail(h), 2)


def grow(net, small):
    """Starts from a smaller network that is trained: the larger one computes the same at first. Channels and blocks
    that are new read what there is with random weights, and what they say is weighted by 0 where it reaches the old."""
    width = small["tail.weight"].shape[1]
    with torch.no_grad():
        for name, value in net.state_dict().items():
            old = small.get(name)
            if name.endswith("weight") and not name.startswith("head"):
                value[: value.shape[0] if name.startswith("tail") else width, width:] = 0
            if old is None:  # a new block: silent until its second convolution has learned
                if name.endswith("conv2.weight"):
                    value[:width] = 0
            else:
                value[tuple(slice(n) for n in old.shape)] = old


def write_safetensors(path, tensors, metadata):
    header, data, offset = {"__metadata__": metadata}, [], 0
    for name, tensor in tensors.items():
        raw = tensor.detach().cpu().contiguous().float().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + len(raw)]}
        offset += len(raw)
        data.append(raw)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    beside = str(path) + ".new"
    with open(beside, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text + b"".join(data))
    os.replace(beside, path)


def pictures(folder):
    files = sorted(p for p in pathlib.Path(folder).iterdir() if p.suffix.lower() in (".jpg", ".png", ".bmp", ".tif"))
    return [np.asarray(Image.open(f).convert("RGB")) for f in files]


def draw(data, rng, batch, size, grey):
    out = np.empty((batch, 3, size, size), np.float32)
    for b in range(batch):
        picture = data[rng.integers(len(data))]
        i, j = rng.integers(picture.shape[0] - size + 1), rng.integers(picture.shape[1] - size + 1)
        patch = np.rot90(picture[i : i + size, j : j + size], rng.integers(4))
        if rng.integers(2):
            patch = patch[:, ::-1]
        out[b] = patch.transpose(2, 0, 1)
    out /= 255
    out = torch.from_numpy(out)
    out[:grey] = luminance(out[:grey])
    return out


def luminance(x):
    return (0.299 * x[:, 0:1] + 0.587 * x[:, 1:2] + 0.114 * x[:, 2:3]).expand(-1, 3, -1, -1)


@torch.no_grad()
def validate(net, data, device):
    """Mean PSNR at sigma 25/255, colour and luminance, estimates clipped."""
    generator = torch.Generator().manual_seed(0)
    result = {True: [], False: []}
    for picture in data:
        x = torch.from_numpy(picture.transpose(2, 0, 1).astype(np.float32) / 255)[None]
        x = x[:, :, : x.shape[2] // 2 * 2, : x.shape[3] // 2 * 2]
        for grey in (False, True):
            clean = luminance(x) if grey else x
            noise = torch.randn(clean[:, :1].shape if grey else clean.shape, generator=generator) * 25 / 255
            out = net((clean + noise).to(device), torch.tensor([25 / 255], device=device)).cpu()
            if grey:
                out = out.mean(1, keepdim=True).expand(-1, 3, -1, -1)
            result[grey].append(-10 * np.log10(((out.clamp(0, 1) - clean) ** 2).mean().item()))
    return np.mean(result[False]), np.mean(result[True])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("-o", "--out", required=True)
    parser.add_argument("--validation", required=True)
    parser.add_argument("--validation-count", type=int, default=12)
    parser.add_argument("--width", type=int, default=48)
    parser.add_argument("--blocks", type=int, default=5)
    parser.add_argument("--grow", help="state of a smaller network to start from")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--patch", type=int, default=64)
    parser.add_argument("--grey-share", type=float, default=0.25)
    parser.add_argument("--sigma-max", type=float, default=55 / 255)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--steps", type=int, default=20000)
    parser.add_argument("--decay", type=int, default=4000)
    parser.add_argument("--every", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    net = Denoiser(3, args.width, args.blocks).to(device).to(memory_format=torch.channels_last)
    if args.grow and not os.path.exists(args.out + ".state"):
        grow(net, torch.load(args.grow, map_location=device)["average"])
    average = {k: v.detach().clone() for k, v in net.state_dict().items()}
    optimiser = torch.optim.Adam(net.parameters(), args.rate)
    data = pictures(args.data)
    validation = pictures(args.validation)[: args.validation_count]
    begin, step, seconds = args.steps - args.decay, 0, 0.0
    decay = args.decay
    state_file = args.out + ".state"
    if os.path.exists(state_file):
        state = torch.load(state_file, map_location=device)
        net.load_state_dict(state["net"])
        optimiser.load_state_dict(state["optimiser"])
        average, step, seconds = state["average"], state["step"], state["seconds"]
    grey = int(round(args.batch * args.grey_share))
    running, started = 0.0, time.time()
    while step < begin + decay:
        rng = np.random.default_rng([args.seed, step])
        torch.manual_seed(args.seed * 1000003 + step)
        rate = args.rate * min(1.0, (step + 1) / 200, (begin + decay - step) / decay)
        for group in optimiser.param_groups:
            group["lr"] = rate
        clean = draw(data, rng, args.batch, args.patch, grey).to(device)
        sigma = torch.from_numpy(rng.uniform(0, args.sigma_max, args.batch).astype(np.float32)).to(device)
        noise = torch.randn_like(clean)
        noise[:grey] = noise[:grey, :1]
        out = net(clean + noise * sigma.view(-1, 1, 1, 1), sigma)
        error = out - clean
        loss = error[grey:].abs().mean() * (1 - grey / args.batch)
        if grey:
            loss = loss + error[:grey].mean(1).abs().mean() * (grey / args.batch)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(net.parameters(), 0.5)
        if torch.isfinite(norm):
            optimiser.step()
        step += 1
        keep = min(0.999, (step + 1) / (step + 10))
        with torch.no_grad():
            for k, v in net.state_dict().items():
                average[k].lerp_(v, 1 - keep)
        running += loss.item()
        if step % args.every == 0 or step == begin + decay:
            if os.path.exists(args.out + ".decay") and step < begin:
                decay = int(open(args.out + ".decay").read())
                begin = step
            seconds += time.time() - started
            now = {k: v.clone() for k, v in net.state_dict().items()}
            net.load_state_dict(average)
            colour, luma = validate(net, validation, device)
            net.load_state_dict(now)
            print(f"{step} loss {running / args.every:.5f} psnr colour {colour:.3f} grey {luma:.3f} "
                  f"rate {rate:.2e} seconds {seconds:.0f}", flush=True)
            running = 0.0
            torch.save({"net": now, "optimiser": optimiser.state_dict(), "average": average, "step": step,
                        "seconds": seconds}, state_file + ".new")
            os.replace(state_file + ".new", state_file)
            write_safetensors(args.out, average, {
                "format": "stillpoint", "network": "denoiser", "body": "residual", "channels": "3",
                "width": str(args.width), "depth": str(2 * args.blocks + 2), "unshuffle": "2", "noise-map": "5",
                "steps": str(step), "recipe": json.dumps(vars(args))})
            started = time.time()


if __name__ == "__main__":
    main()
